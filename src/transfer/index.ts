/**
 * Whole directories between shares and this machine: copied with many files in flight, resumed after an interruption,
 * verified, compared, removed.
 *
 * ```ts
 * import { connect } from 'sombrero/client'
 * import { copyTree, filterOf, localTree, shareTree } from 'sombrero/transfer'
 *
 * const share = await connect('smb://ann:secret@nas/backup')
 * const filter = filterOf(['*.jpg'], ['.git'])
 * const result = await copyTree(localTree('photos'), shareTree(share, 'photos'), { filter, resume: true })
 * ```
 * @packageDocumentation
 */
export { globTest } from '#trees/glob.js';
export { type CompareOptions, compareTrees, type Difference } from './compare-trees.js';
export { copyFile } from './copy-one.js';
export { copyTree } from './copy-tree.js';
export { Crew } from './crew.js';
export { TransferError, type TransferErrorCode } from './errors.js';
export { type Filter, filterOf } from './filter.js';
export { localTree } from './local-tree.js';
export type { TransferEvent, TransferOptions, TransferResult } from './options.js';
export { type RemoveEvent, type RemoveOptions, type RemoveResult, removeTree } from './remove-tree.js';
export { type ShareEntry, type ShareTree, shareTree } from './share-tree.js';
export type {
  EntryKind,
  Extent,
  Facts,
  FileTree,
  SourceFile,
  Taker,
  TargetFile,
  TreeControl,
  TreeEntry,
} from './tree.js';
export { type Walkable, type WalkDirectory, type WalkEntry, type WalkOptions, type WalkStep, walk } from './walk.js';
