import type { Layout } from '../../io/layout.js';

/** Minimum size of structures with a new name, as checked by servers. */
const SMALLEST = 24;
const FIXED = 20;

/** FileNameLength and FileName at the end of the SMB2 rename and link structures, padded to their minimum size. */
export function newName(io: Layout, fileName: string): string {
  const length = io.length32('FileNameLength');
  const name = io.utf16At('FileName', length, fileName);
  if (!io.reading) io.skip('Padding', Math.max(0, SMALLEST - FIXED - name.length * 2));
  return name;
}
