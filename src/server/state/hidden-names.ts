import { NamePattern } from '#wire/fscc/name-pattern.js';

/** Name patterns that a share shows as hidden files. */
export class HiddenNames {
  readonly #dotFiles: boolean;
  readonly #patterns: readonly NamePattern[];

  constructor(dotFiles: boolean, patterns: readonly string[]) {
    this.#dotFiles = dotFiles;
    this.#patterns = patterns.map((pattern) => new NamePattern(pattern));
  }

  hides(name: string): boolean {
    if (this.#dotFiles && name.startsWith('.') && name !== '.' && name !== '..') return true;
    for (const pattern of this.#patterns) if (pattern.matches(name)) return true;
    return false;
  }
}
