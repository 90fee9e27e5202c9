import type { Layout } from '../../io/layout.js';

/**
 * The one byte of Buffer that an odd StructureSize counts even when nothing is in it: smbd refuses some requests
 * without it. Reading, it may be missing.
 */
export function emptyBuffer(io: Layout, used: number): void {
  if (used === 0 && (!io.reading || io.left > 0)) io.skip('Buffer', 1);
}
