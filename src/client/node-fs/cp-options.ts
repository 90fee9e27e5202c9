/** How `cp` copies, as Node has it. */
export interface FsCpOptions {
  readonly recursive?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly errorOnExist?: boolean | undefined;
  readonly dereference?: boolean | undefined;
  readonly preserveTimestamps?: boolean | undefined;
  readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}
