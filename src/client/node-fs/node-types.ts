/** A file handle of this machine. */
export type NodeFileHandle = import('node:fs/promises').FileHandle;

/** The Buffer type that `node:fs` returns, whichever version of its types is installed. */
export type FsBuffer = Extract<Awaited<ReturnType<typeof import('node:fs/promises').readFile>>, Uint8Array>;
