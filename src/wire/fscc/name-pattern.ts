import { upcase } from './upcase.js';

const STAR = 0x2a;
const QUESTION = 0x3f;
const DOS_STAR = 0x3c;
const DOS_QM = 0x3e;
const DOS_DOT = 0x22;
const DOT = 0x2e;

const NONE: Uint32Array = new Uint32Array(0);
/** Steps are counted in 32 bits and reset from here; the rest is more than any name needs. */
const LAST_STEP = 0xf0000000;

const WILDCARDS = /[*?<>"]/;
/** Wildcards that may match nothing at the end of a name. */
const OPTIONAL_TAIL = /[*<>"]*$/;

/** Whether an expression has wildcards ([MS-FSA] 2.1.4.3) or is a plain name. */
export function hasWildcards(expression: string): boolean {
  return WILDCARDS.test(expression);
}

/**
 * Converts patterns with DOS semantics, as in `*.*` and `????????.???`, to DOS_STAR, DOS_QM and DOS_DOT, in the way
 * that Win32's FindFirstFile rewrites them before sending.
 */
export function fromDosPattern(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (unit === '?') out += '>';
    else if (unit === '.' && (next === '?' || next === '*' || next === '')) out += '"';
    else if (unit === '*' && next === '.') out += '<';
    else out += unit;
  }
  return out;
}

/**
 * [MS-FSA] 2.1.4.4 Algorithm for Determining if a FileName Is in an Expression. Tracks all possible matches at once, so
 * the time is at most proportional to the product of the two lengths, whatever the expression.
 */
export class NamePattern {
  readonly expression: string;
  readonly ignoreCase: boolean;
  /** Everything matches. */
  readonly all: boolean;
  /** No wildcards: only one name matches, in any case. */
  readonly literal: boolean;
  readonly #pattern: string;
  /** For `*` followed by no more wildcards: what a name must end with. */
  readonly #tail: string | undefined;
  /** From this position on, the rest of the pattern may match nothing. */
  readonly #optional: number;
  /** State of the match: positions reached so far, and for each position the step that reached or left it. */
  #states = NONE;
  #next = NONE;
  #count = 0;
  #reached = NONE;
  #left = NONE;
  #step = 0;

  constructor(expression: string, ignoreCase = true) {
    this.expression = expression;
    this.ignoreCase = ignoreCase;
    this.#pattern = (ignoreCase ? upcase(expression) : expression).replace(/\*{2,}/g, '*');
    // Samba 4.17 takes `*.*` literally in SMB2; according to the algorithm it matches everything.
    this.all = this.#pattern === '*' || expression === '*.*';
    this.#optional = this.#pattern.search(OPTIONAL_TAIL);
    this.literal = !hasWildcards(expression);
    const rest = this.#pattern.slice(1);
    this.#tail = this.#pattern.startsWith('*') && !hasWildcards(rest) ? rest : undefined;
  }

  /** Whether the name, which has no wildcards, matches the expression. */
  matches(fileName: string): boolean {
    if (fileName === '' || this.#pattern === '') return fileName === this.#pattern;
    if (this.all) return true;
    const name = this.ignoreCase ? upcase(fileName) : fileName;
    if (this.literal) return name === this.#pattern;
    if (this.#tail !== undefined) return name.endsWith(this.#tail);
    return this.#walk(name);
  }

  #walk(name: string): boolean {
    this.#reset();
    const lastDot = name.lastIndexOf('.');
    for (let i = 0; i < name.length; i++) {
      this.#advance(name.charCodeAt(i), i === lastDot);
      if (this.#count === 0) return false;
    }
    for (let i = 0; i < this.#count; i++) if ((this.#states[i] as number) >= this.#optional) return true;
    return false;
  }

  #reset(): void {
    const positions = this.#pattern.length + 1;
    if (this.#left.length === 0) {
      this.#states = new Uint32Array(positions);
      this.#next = new Uint32Array(positions);
      this.#reached = new Uint32Array(positions);
      this.#left = new Uint32Array(positions);
    } else if (this.#step > LAST_STEP) {
      this.#reached.fill(0);
      this.#left.fill(0);
      this.#step = 0;
    }
    this.#states[0] = 0;
    this.#count = 1;
  }

  /** Advances all positions by one character. */
  #advance(unit: number, isLastDot: boolean): void {
    const end = this.#pattern.length;
    const states = this.#states;
    const left = this.#left;
    const count = this.#count;
    const step = ++this.#step;
    this.#count = 0;
    for (let i = 0; i < count; i++) {
      const state = states[i] as number;
      let at = state;
      // A position already left in this step leads nowhere new.
      while (at < end && left[at] !== step) {
        left[at] = step;
        if (!this.#consume(at, unit, isLastDot)) break;
        at++;
      }
      // If the rest can match nothing, the expression may end with this character.
      if (at === end && state < end) this.#reach(end);
    }
    this.#states = this.#next;
    this.#next = states;
  }

  #reach(position: number): void {
    if (this.#reached[position] === this.#step) return;
    this.#reached[position] = this.#step;
    this.#next[this.#count++] = position;
  }

  /** Matches one character at one position; true if the position can also match nothing. */
  #consume(at: number, unit: number, isLastDot: boolean): boolean {
    const want = this.#pattern.charCodeAt(at);
    switch (want) {
      case STAR:
        this.#reach(at);
        this.#reach(at + 1);
        return true;
      case DOS_STAR:
        if (!isLastDot) this.#reach(at);
        this.#reach(at + 1);
        return true;
      case DOS_QM:
        if (unit === DOT) return true;
        this.#reach(at + 1);
        return false;
      case DOS_DOT:
        if (unit === DOT) this.#reach(at + 1);
        return false;
      case QUESTION:
        this.#reach(at + 1);
        return false;
      default:
        if (unit === want) this.#reach(at + 1);
        return false;
    }
  }
}
