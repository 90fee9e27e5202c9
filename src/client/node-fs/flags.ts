import type { OpenOptions } from '../open-options.js';
import type { AccessKind } from '../operation/facts.js';
import { integer, invalidType, invalidValue, outOfRange } from './arguments.js';

/** Values as on Linux. */
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
  O_NOCTTY: 0o400,
  O_NONBLOCK: 0o4000,
  O_DSYNC: 0o10000,
  O_DIRECT: 0o40000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_NOATIME: 0o1000000,
  O_SYNC: 0o4010000,
  S_IFMT: 0o170000,
  S_IFREG: 0o100000,
  S_IFDIR: 0o040000,
  S_IFCHR: 0o020000,
  S_IFBLK: 0o060000,
  S_IFIFO: 0o010000,
  S_IFLNK: 0o120000,
  S_IFSOCK: 0o140000,
  S_IRWXU: 0o700,
  S_IRUSR: 0o400,
  S_IWUSR: 0o200,
  S_IXUSR: 0o100,
  S_IRWXG: 0o070,
  S_IRGRP: 0o040,
  S_IWGRP: 0o020,
  S_IXGRP: 0o010,
  S_IRWXO: 0o007,
  S_IROTH: 0o004,
  S_IWOTH: 0o002,
  S_IXOTH: 0o001,
  UV_DIRENT_UNKNOWN: 0,
  UV_DIRENT_FILE: 1,
  UV_DIRENT_DIR: 2,
  UV_DIRENT_LINK: 3,
  UV_FS_COPYFILE_EXCL: 1,
  UV_FS_COPYFILE_FICLONE: 2,
  UV_FS_COPYFILE_FICLONE_FORCE: 4,
} as const;

const { O_RDWR, O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_EXCL, O_SYNC } = constants;
const WRITES = O_CREAT | O_TRUNC;
const APPENDS = O_CREAT | O_APPEND;

/** The flag strings that Node accepts. */
const TEXT: ReadonlyMap<string, number> = new Map(
  [
    [['r'], constants.O_RDONLY],
    [['rs', 'sr'], O_SYNC],
    [['r+'], O_RDWR],
    [['rs+', 'sr+'], O_RDWR | O_SYNC],
    [['w'], O_WRONLY | WRITES],
    [['wx', 'xw'], O_WRONLY | WRITES | O_EXCL],
    [['w+'], O_RDWR | WRITES],
    [['wx+', 'xw+'], O_RDWR | WRITES | O_EXCL],
    [['a'], O_WRONLY | APPENDS],
    [['ax', 'xa'], O_WRONLY | APPENDS | O_EXCL],
    [['as', 'sa'], O_WRONLY | APPENDS | O_SYNC],
    [['a+'], O_RDWR | APPENDS],
    [['ax+', 'xa+'], O_RDWR | APPENDS | O_EXCL],
    [['as+', 'sa+'], O_RDWR | APPENDS | O_SYNC],
  ].flatMap(([names, bits]) => (names as string[]).map((name) => [name, bits as number] as const)),
);

const MAX_FLAGS = 0x7fffffff;

function bitsOf(flags: string | number): number {
  if (typeof flags === 'number') return integer('flags', flags, -MAX_FLAGS - 1, MAX_FLAGS);
  const bits = TEXT.get(flags);
  if (bits === undefined) throw invalidValue('flags', flags);
  return bits;
}

/** How to open a file. */
export interface Opening {
  readonly options: OpenOptions;
  /** All writes append. */
  readonly append: boolean;
  /** Truncate after opening, because the CREATE disposition that truncates would also create a missing file. */
  readonly empties: boolean;
}

/** Translates Node's flags. */
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
      // A directory can be opened for inspection.
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

/** Translates the mode of `access`: 4 to read, 2 to write, 1 to execute. */
export function accessKinds(mode: number): AccessKind[] {
  if (typeof mode !== 'number') throw invalidType('mode', 'of type number', mode);
  if (!(mode >= 0 && mode <= 7)) throw outOfRange('mode', '>= 0 && <= 7', mode);
  const kinds: AccessKind[] = [];
  if ((mode & constants.R_OK) !== 0) kinds.push('read');
  if ((mode & constants.W_OK) !== 0) kinds.push('write');
  if ((mode & constants.X_OK) !== 0) kinds.push('execute');
  return kinds;
}
