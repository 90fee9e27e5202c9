/** Exit status: done, the operation failed, wrong usage. */
export const Exit = { Done: 0, Failed: 1, Usage: 2, Interrupted: 130 } as const;
