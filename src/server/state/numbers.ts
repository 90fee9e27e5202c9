const HIGHEST = 0xfffe;

/**
 * Numbers from 1 on for what a client refers to by number; 0 and all ones are never given ([MS-CIFS] 2.2.1.6). A
 * session has its own; the sessions of an SMB1 connection share theirs, since clients there know a file by its number
 * alone.
 */
export class Numbers {
  readonly #taken = new Set<number>();
  #last = 0;

  /** A number that is not taken, and was not given lately; 0 when there is none. */
  next(): number {
    if (this.#taken.size >= HIGHEST) return 0;
    do this.#last = this.#last >= HIGHEST ? 1 : this.#last + 1;
    while (this.#taken.has(this.#last));
    return this.#last;
  }

  take(number: number): void {
    this.#taken.add(number);
  }

  free(number: number): void {
    this.#taken.delete(number);
  }
}
