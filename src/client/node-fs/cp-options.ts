/** How `cp` copies, as Node has it. */
export interface FsCpOptions {
  readonly recursive?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly errorOnExist?: boolean | undefined;
  readonly dereference?: boolean | undefined;
  readonly preserveTimestamps?: boolean | undefined;
  /** Links are always copied as they stand there. */
  readonly verbatimSymlinks?: boolean | undefined;
  /** As of `copyFile`. The server copies as it can, and what is there is as `force` says. */
  readonly mode?: number | undefined;
  readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}
