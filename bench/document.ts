import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Path of `docs/NAME` in the repository. */
export function documentPath(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

/** Replaces the text between `<!-- NAME: begin … -->` and `<!-- NAME: end -->` in a document. */
export async function replaceSection(document: string, name: string, text: string): Promise<void> {
  const path = documentPath(document);
  const old = await readFile(path, 'utf8');
  const pattern = new RegExp(`(<!-- ${name}: begin[^>]*-->\n)[\\s\\S]*?(<!-- ${name}: end -->)`);
  if (!pattern.test(old)) throw new Error(`${path} has no place for '${name}'`);
  await writeFile(
    path,
    old.replace(pattern, (_, begin: string, end: string) => `${begin}\n${text.trim()}\n\n${end}`),
  );
}

/** Load averages over fifteen, five and one minutes. */
export const loads = (): string =>
  [...loadavg()]
    .reverse()
    .map((load) => load.toFixed(1))
    .join(', ');

/** Date, machine and version of Node. */
export function circumstances(): string {
  const [cpu] = cpus();
  return `${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${cpu?.model.trim()}, Node ${process.versions.node}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
