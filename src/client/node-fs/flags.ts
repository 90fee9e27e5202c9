import type { OpenOptions } from '../open-options.js';
import { integer, invalidValue } from './arguments.js';

/** Numbers as Linux has them. */
export const constants = {
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  COPYFILE_EXCL: 1,
  COPYFILE_FICLONE: 2,
  COPYFILE_FICLONE_FORCE: 4,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_SYNC: 0o4010000,
  S_IFMT: 0o170000,
  S_IFREG: 0o100000,
  S_IFDIR: 0o040000,
  S_IFLNK: 0o120000,
} as const;

const TEXT: Readonly<Record<string, number>> = {
  r: constants.O_RDONLY,
  'r+': constants.O_RDWR,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  'w+': constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  'a+': constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
};

const MAX_FLAGS = 0x7fffffff;

/** `wx+`, `xw`, `as` and the like as bits. */
function bitsOf(flags: string | number): number {
  if (typeof flags === 'number') return integer('flags', flags, -MAX_FLAGS - 1, MAX_FLAGS);
  const bits = typeof flags === 'string' ? TEXT[flags.replace(/[xs]/g, '')] : undefined;
  if (bits === undefined) throw invalidValue('flags', flags);
  const exclusive = flags.includes('x') ? constants.O_EXCL : 0;
  return bits | exclusive | (flags.includes('s') ? constants.O_SYNC : 0);
}

/** How to open a file. */
export interface Opening {
  readonly options: OpenOptions;
  /** All writes go to the end. */
  readonly append: boolean;
  /** What is there is emptied when it is open: CREATE that truncates would make it, too, if it is not there. */
  readonly empties: boolean;
}

/** How to open with Node's flags. */
export function openFlags(flags: string | number): Opening {
  const bits = bitsOf(flags);
  const has = (flag: number): boolean => (bits & flag) === flag;
  const mode = bits & 3;
  const access = mode === constants.O_RDWR ? 'read-write' : mode === constants.O_WRONLY ? 'write' : 'read';
  let create: OpenOptions['create'] = 'never';
  if (has(constants.O_CREAT)) {
    if (has(constants.O_EXCL)) create = 'exclusive';
    else create = has(constants.O_TRUNC) ? 'truncate' : 'if-missing';
  }
  return {
    options: {
      access,
      create,
      // A directory can be opened to be looked at.
      kind: has(constants.O_DIRECTORY)
        ? 'directory'
        : (bits & ~constants.O_SYNC) === constants.O_RDONLY
          ? 'any'
          : 'file',
      noFollow: has(constants.O_NOFOLLOW),
      writeThrough: has(constants.O_SYNC),
    },
    append: has(constants.O_APPEND),
    empties: create === 'never' && has(constants.O_TRUNC),
  };
}
