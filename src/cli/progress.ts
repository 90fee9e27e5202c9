import type { MultiBar, SingleBar } from 'cli-progress';
import { printable } from '#viewer/index.js';
import { humanSize } from './terminal.js';

/** Shorter work gets no bar. */
const SHOWN_AFTER_MS = 700;
const SECOND = 1000;
/** The rate is that of the last few seconds. */
const WINDOW_MS = 5000;
/** Widths of the name and the bar, where there is room. */
const NAME_WIDTH = 24;
const BAR_WIDTH = 20;
const LEAST_NAME = 8;
const LEAST_BAR = 5;
/** Used if the terminal does not report its width. */
const COLUMNS = 80;

/** What the bar is written to: stderr, except in tests. */
export interface BarStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  readonly stream?: BarStream;
  /** False: no bar, even on a terminal. */
  readonly shown?: boolean;
  readonly now?: () => number;
}

/** Counts what is done and shows it on a terminal: files, bytes, rate, time left. Shows nothing in a pipe. */
export class Progress {
  bytes = 0;
  files = 0;
  #totalFiles = 0;
  #totalBytes = 0;
  #final = false;
  #name = '';
  readonly #stream: BarStream;
  readonly #shown: boolean;
  readonly #now: () => number;
  readonly #began: number;
  readonly #samples: { at: number; bytes: number }[] = [];
  #starting = false;
  #stopped = false;
  #bars: MultiBar | undefined;
  #bar: SingleBar | undefined;

  constructor(options: ProgressOptions = {}) {
    this.#stream = options.stream ?? process.stderr;
    this.#shown = options.shown !== false && this.#stream.isTTY === true;
    this.#now = options.now ?? Date.now;
    this.#began = this.#now();
  }

  /** Sets the known amount of work; `final` if there will be no more. */
  total(files: number, bytes: number, final: boolean): void {
    this.#totalFiles = files;
    this.#totalBytes = bytes;
    this.#final = final;
  }

  add(bytes: number, files: number = 0): void {
    this.bytes += bytes;
    this.files += files;
    this.#show();
  }

  set name(name: string) {
    this.#name = name;
  }

  get seconds(): number {
    return (this.#now() - this.#began) / SECOND;
  }

  #show(): void {
    const now = this.#now();
    if (!this.#shown || now - this.#began < SHOWN_AFTER_MS) return;
    if (!this.#starting) void this.#start();
    this.#bar?.setTotal(Math.max(this.#totalBytes, this.bytes, 1));
    this.#bar?.update(this.bytes, this.#payload(now));
  }

  /** Loads the bar only when it becomes visible: most commands finish sooner or run without a terminal. */
  async #start(): Promise<void> {
    this.#starting = true;
    const { MultiBar } = (await import('cli-progress')).default;
    if (this.#stopped) return;
    this.#bars = new MultiBar({
      format: (_options, _params, payload: Payload) => lineOf(payload, (this.#stream.columns ?? COLUMNS) - 1),
      stream: this.#stream,
      hideCursor: true,
      clearOnComplete: true,
      // The caller ends it, also after Ctrl-C.
      gracefulExit: false,
    });
    process.once('exit', this.#atExit);
    this.#bar = this.#bars.create(1, 0, this.#payload(this.#now()));
  }

  #payload(now: number): Payload {
    const rate = this.#rate(now);
    const open = this.#final ? '' : '+';
    const left = rate > 0 && this.#final ? duration((this.#totalBytes - this.bytes) / rate) : '-:--';
    const done = this.#totalBytes > 0 ? Math.min(1, this.bytes / this.#totalBytes) : 0;
    return {
      name: this.#name,
      done,
      percent: `${Math.floor(done * 100)} %`,
      bytes: humanSize(this.bytes),
      all: humanSize(this.#totalBytes) + open,
      rate: `${humanSize(Math.round(rate))}/s`,
      left: `${left} left`,
      files: this.#totalFiles > 1 ? ` ${this.files}/${this.#totalFiles}${open} files` : '',
      counted: this.#totalFiles > 0 || this.#totalBytes > 0 ? undefined : this.#counted(rate),
    };
  }

  /** The text when the total is unknown. */
  #counted(rate: number): string {
    const files = `${this.files} file${this.files === 1 ? '' : 's'}`;
    return this.bytes === 0 ? files : `${files}, ${humanSize(this.bytes)}, ${humanSize(Math.round(rate))}/s`;
  }

  #rate(now: number): number {
    const samples = this.#samples;
    if (now - (samples.at(-1)?.at ?? 0) >= SECOND / 4) samples.push({ at: now, bytes: this.bytes });
    while (samples.length > 2 && now - (samples[0] as { at: number }).at > WINDOW_MS) samples.shift();
    const { at, bytes } = samples[0] ?? { at: this.#began, bytes: 0 };
    if (now === at) return this.bytes / Math.max((now - this.#began) / SECOND, 0.001);
    return Math.max(0, ((this.bytes - bytes) / (now - at)) * SECOND);
  }

  /** Prints a line above the bar. */
  say(line: string): void {
    const text = `${printable(line)}\n`;
    if (this.#bars) this.#bars.log(text);
    else this.#stream.write(text);
  }

  /** However the process ends, the terminal gets its cursor back. */
  readonly #atExit = (): void => this.stop();

  stop(): void {
    process.off('exit', this.#atExit);
    // Draws lines said since the last redraw.
    this.#bars?.update();
    this.#bars?.stop();
    this.#bars = undefined;
    this.#bar = undefined;
    this.#stopped = true;
  }
}

/** The values shown in a bar. */
interface Payload {
  readonly name: string;
  /** From 0 to 1. */
  readonly done: number;
  readonly percent: string;
  readonly bytes: string;
  readonly all: string;
  readonly rate: string;
  readonly left: string;
  readonly files: string;
  /** Shown instead of everything else, without a bar. */
  readonly counted: string | undefined;
}

/** Shows as much as there is room for; the time left is dropped last. */
function lineOf(payload: Payload, width: number): string {
  const { name, done, percent, bytes, all, rate, left, files, counted } = payload;
  if (counted !== undefined) return `${counted}  ${printable(name)}`.slice(0, width).trimEnd();
  const texts = [
    `${percent} ${bytes} of ${all}, ${rate}, ${left}${files}`,
    `${percent} ${bytes} of ${all}, ${rate}, ${left}`,
    `${percent} ${rate}, ${left}`,
    `${percent} ${left}`,
  ];
  const text = texts.find(({ length }) => length <= width) ?? percent;
  const room = width - text.length - 1;
  if (room < LEAST_NAME) return text;
  const barWidth = Math.min(BAR_WIDTH, room - NAME_WIDTH - 1);
  if (barWidth < LEAST_BAR) return `${shortened(name, Math.min(NAME_WIDTH, room))} ${text}`;
  const full = Math.round(done * barWidth);
  return `${shortened(name, NAME_WIDTH)} ${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${text}`;
}

function shortened(name: string, width: number): string {
  const text = printable(name);
  return (text.length > width ? `…${text.slice(1 - width)}` : text).padEnd(width);
}

/** Formats as `1:05`, `2:03:04`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
