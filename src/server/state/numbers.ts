const HIGHEST = 0xfffe;

/**
 * Allocates ids, from 1 on, that clients use in requests; 0 and all ones are never allocated ([MS-CIFS] 2.2.1.6). Each
 * session has its own allocator; the sessions of an SMB1 connection share one, since SMB1 clients identify a file by
 * its id alone.
 */
export class Numbers {
  readonly #taken = new Set<number>();
  #last = 0;

  /** An id that is free and was not used recently; 0 if there is none. */
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
