/** A handle of this machine. */
export type NodeFileHandle = import('node:fs/promises').FileHandle;

/** Buffers as `node:fs` gives them back, whichever version of its types is there. */
export type FsBuffer = Extract<Awaited<ReturnType<typeof import('node:fs/promises').readFile>>, Uint8Array>;
