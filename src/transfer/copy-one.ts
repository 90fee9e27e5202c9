import { COMPLETE, checkTwo, FileCopier, type FileJob } from './copy-file.js';
import { TransferError } from './errors.js';
import type { TransferOptions, TransferResult } from './options.js';
import { type FileTree, folded, split, type TreeControl, type TreeEntry } from './tree.js';

const NONE: TransferResult = { files: 0, directories: 0, links: 0, bytes: 0, skipped: 0, leftOut: 0, failed: 0 };

/**
 * Transfers one file; a failure is thrown. It may be skipped, depending on `options.resume` and `options.existing`.
 *
 * @example
 * await copyFile(localTree('.'), 'report.pdf', shareTree(share), 'docs/report.pdf', { verify: true })
 */
export async function copyFile(
  source: FileTree,
  from: string,
  target: FileTree,
  to: string,
  options: TransferOptions = {},
): Promise<TransferResult> {
  let result = NONE;
  try {
    result = await copyOne(source, from, target, to, options);
  } finally {
    options.onEvent?.({ kind: 'ended', result });
  }
  return result;
}

async function copyOne(
  source: FileTree,
  from: string,
  target: FileTree,
  to: string,
  options: TransferOptions,
): Promise<TransferResult> {
  const control: TreeControl = { signal: options.signal };
  const entry = await source.stat(from, { ...control, follow: options.links === 'follow' });
  if (!entry) throw new TransferError('TRANSFER_KIND', 'there is nothing by that name');
  if (entry.kind !== 'file') throw new TransferError('TRANSFER_KIND', 'that is no file');
  const fault = target.nameFault(split(to).name);
  if (fault !== undefined) throw new TransferError('TRANSFER_BAD_NAME', `${JSON.stringify(split(to).name)}: ${fault}`);
  options.onEvent?.({ kind: 'totals', files: 1, bytes: entry.size, final: true });
  const known = await target.stat(to, control);
  if (known?.kind === 'directory') throw new TransferError('TRANSFER_KIND', `${target.show(to)} is a directory`);
  const there = options.resume ? await listed(target, split(to).directory, control) : undefined;
  const job: FileJob = { from, to, entry, there };
  const copier = new FileCopier(source, target, options, control);
  const why = known && (await copier.whySkip(job, known));
  if (known && why !== undefined) {
    if (options.move && why === COMPLETE) {
      checkTwo(entry, known);
      await source.remove(from, false, { ...control, readOnly: true });
    }
    options.onEvent?.({ kind: 'skipped', path: source.show(from), size: entry.size, why });
    return { ...NONE, skipped: 1 };
  }
  const bytes = await copier.copy(job);
  if (options.move) await source.remove(from, false, { ...control, readOnly: true });
  options.onEvent?.({ kind: 'done', path: source.show(from), to: target.show(to), size: bytes });
  return { ...NONE, files: 1, bytes };
}

async function listed(tree: FileTree, path: string, control: TreeControl): Promise<Map<string, TreeEntry>> {
  const entries = new Map<string, TreeEntry>();
  for await (const entry of tree.list(path, control)) entries.set(folded(entry.name), entry);
  return entries;
}
