import type { Layout } from '../../io/layout.js';

/**
 * The one byte of Buffer that an odd StructureSize includes even if the buffer is empty: smbd refuses some requests
 * without it. When reading, it may be missing.
 */
export function emptyBuffer(io: Layout, used: number): void {
  if (used === 0 && (!io.reading || io.left > 0)) io.skip('Buffer', 1);
}
