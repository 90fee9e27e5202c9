import type { MultiBar, SingleBar } from 'cli-progress';
import { printable } from '#viewer/index.js';
import { humanSize } from './terminal.js';

/** What is done sooner needs no bar. */
const SHOWN_AFTER_MS = 700;
const SECOND = 1000;
/** The rate is that of the last seconds, not of the whole. */
const WINDOW_MS = 5000;
const NAME_WIDTH = 24;

/** What a progress bar writes to; stderr, unless a test looks at it. */
export interface BarStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface ProgressOptions {
  readonly stream?: BarStream;
  /** False for no bar, even on a terminal. */
  readonly shown?: boolean;
  readonly now?: () => number;
}

/** Counts what is done, and shows it on a terminal: files, bytes, rate, time left. Never in a pipe. */
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

  /** How much there is to do, as far as it is known; `final` when that is all. */
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

  /** Most work is done before, or nobody looks: the bar is loaded when it is there to be seen. */
  async #start(): Promise<void> {
    this.#starting = true;
    const { MultiBar, Presets } = (await import('cli-progress')).default;
    if (this.#stopped) return;
    this.#bars = new MultiBar(
      {
        format: '{name} {bar} {percent} {bytes} of {all}, {rate}/s, {left} {files}',
        stream: this.#stream,
        hideCursor: true,
        clearOnComplete: true,
        // Whoever began it ends it, after Ctrl-C too.
        gracefulExit: false,
        barsize: 20,
      },
      Presets.shades_classic,
    );
    this.#bar = this.#bars.create(1, 0, this.#payload(this.#now()));
  }

  #payload(now: number): Record<string, string> {
    const rate = this.#rate(now);
    const open = this.#final ? '' : '+';
    const left = rate > 0 && this.#final ? duration((this.#totalBytes - this.bytes) / rate) : '-:--';
    const percent = this.#totalBytes > 0 ? Math.min(100, Math.floor((this.bytes / this.#totalBytes) * 100)) : 0;
    return {
      name: shortened(this.#name),
      percent: `${percent} %`,
      bytes: humanSize(this.bytes),
      all: humanSize(this.#totalBytes) + open,
      rate: humanSize(Math.round(rate)),
      left: `${left} left`,
      files: this.#totalFiles > 1 ? `${this.files}/${this.#totalFiles}${open} files` : '',
    };
  }

  #rate(now: number): number {
    const samples = this.#samples;
    if (now - (samples.at(-1)?.at ?? 0) >= SECOND / 4) samples.push({ at: now, bytes: this.bytes });
    while (samples.length > 2 && now - (samples[0] as { at: number }).at > WINDOW_MS) samples.shift();
    const { at, bytes } = samples[0] ?? { at: this.#began, bytes: 0 };
    if (now === at) return this.bytes / Math.max((now - this.#began) / SECOND, 0.001);
    return Math.max(0, ((this.bytes - bytes) / (now - at)) * SECOND);
  }

  /** A line above the bar. */
  say(line: string): void {
    if (this.#bars) this.#bars.log(`${line}\n`);
    else this.#stream.write(`${line}\n`);
  }

  stop(): void {
    // What was said since the last time it was drawn.
    this.#bars?.update();
    this.#bars?.stop();
    this.#bars = undefined;
    this.#bar = undefined;
    this.#stopped = true;
  }
}

/** Braces mean something to the bar. */
function shortened(name: string): string {
  const text = printable(name).replace(/[{}]/g, '_');
  return (text.length > NAME_WIDTH ? `…${text.slice(1 - NAME_WIDTH)}` : text).padEnd(NAME_WIDTH);
}

/** `1:05`, `2:03:04`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
