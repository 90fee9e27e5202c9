/** The options of Node's `cp`. */
export interface FsCpOptions {
  readonly recursive?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly errorOnExist?: boolean | undefined;
  readonly dereference?: boolean | undefined;
  readonly preserveTimestamps?: boolean | undefined;
  /** Accepted, but without effect: the targets of links are always copied verbatim. */
  readonly verbatimSymlinks?: boolean | undefined;
  /** As for `copyFile`. How to copy is up to the server, and `force` decides about existing files. */
  readonly mode?: number | undefined;
  readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}
