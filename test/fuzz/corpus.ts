import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, toHex } from '#testing/golden.js';
import { root } from '../root.js';

type Kind = 'corpus' | 'regress';

const LINE = 64;
const folder = (kind: Kind, target: string): string => join(root, 'test', 'fuzz', kind, target);

/** The stored inputs of a target, as hex text; `#` begins a comment. */
export function load(kind: Kind, target: string): { name: string; bytes: Uint8Array }[] {
  const path = folder(kind, target);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.hex'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(path, name), 'utf8').replace(/#.*$/gm, '');
      return { name, bytes: fromHex(text) };
    });
}

/** Stores an input under a name derived from its bytes; returns the path. */
export function save(kind: Kind, target: string, bytes: Uint8Array, remark: string = ''): string {
  const path = folder(kind, target);
  mkdirSync(path, { recursive: true });
  const file = join(path, `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.hex`);
  const lines = toHex(bytes).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  writeFileSync(file, `${remark ? `# ${remark}\n` : ''}${lines.join('\n')}\n`);
  return file;
}
