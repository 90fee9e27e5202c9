/** A result that is different on a share, and why. Must be removed when it no longer differs. */
export interface Difference {
  readonly why: string;
  /** Patterns for names of acts, preceded by their group: `trees: rename .*`. */
  readonly acts: readonly RegExp[];
  /** Versions of Node concerned; all if absent. */
  readonly node?: readonly number[];
}

/** On every server. */
export const EVERYWHERE: readonly Difference[] = [
  {
    why: 'paths are made plain before they are used: `.` at the end of one is nothing to refuse',
    acts: [
      /^paths: (rename from|rename to|rm recursive|rmdir): a directory through dots$/,
      /^directories: mkdir recursive through dots$/,
      /^paths: mkdir recursive: nothing with a slash$/,
    ],
  },
  {
    why: 'programs that ask for bytes by the name of an encoding that is none get them',
    acts: [/^files: (readFile|writeFile) (as|in) no buffer$/],
  },
  {
    why: 'a copy that fails takes nothing away that was there',
    acts: [/^trees: copyFile of a directory to a file$/],
  },
  {
    why: 'files of a tree are copied at the same time, so others may be there when one fails',
    acts: [/^trees: cp a tree (where a directory is in the way|again, saying so)$/],
  },
  {
    why: 'links are copied as they stand: what counts from the root of a share is nothing to other machines',
    acts: [/^links: cp of a link$/],
  },
  { why: 'Node takes moments before 1970 for now', acts: [/^facts: utimes before 1970$/] },
  { why: 'what is no date is refused, as Node 20 does', acts: [/^facts: utimes(, first)? no date$/], node: [22, 24] },
  {
    why: 'positions are taken as Node 22 does',
    acts: [/^handles: handle\.read from (a bigint|-2|a fraction|text|infinity|a huge bigint)$/],
    node: [20],
  },
  {
    why: 'kinds of links are refused as Node 24 does',
    acts: [/^paths: symlink of a kind that is none$/],
    node: [20, 22],
  },
  { why: 'what is missing is an error in all versions', acts: [/^facts: stat without throwing$/], node: [24] },
];

/** On our own server. */
export const OURS: readonly Difference[] = [
  {
    why: 'it follows links itself, and lists what they lead to',
    acts: [
      /^links: (unlink a link|rm a link|rm a link, recursive|rename a link)$/,
      /^links: readdir (recursive )?with links$/,
    ],
  },
  {
    why: 'links that lead nowhere, or round, it does not list, and refuses whatever is asked of what is behind',
    acts: [
      /^links: (stat of|(read|write|access) through) a link to nothing$/,
      /^links: (stat of|read through|read below) a loop$/,
      /^links: open a link exclusively$/,
      /^links: mkdir recursive where a link to nothing is$/,
    ],
  },
];

/** On smbd. */
export const SMBD: readonly Difference[] = [
  {
    why: 'it has no symbolic links for its clients',
    acts: [/^paths: symlink at: (nothing|a directory|an empty directory with a slash|a directory through dots)$/],
  },
  { why: 'it tells of more than one change', acts: [/^watching: watch a file made$/] },
];

const version = Number(process.versions.node.split('.')[0]);

/** Why an act may have a different result; undefined if it may not. */
export function excuse(name: string, differences: readonly Difference[]): string | undefined {
  const here = differences.filter(({ node }) => node === undefined || node.includes(version));
  return here.find(({ acts }) => acts.some((act) => act.test(name)))?.why;
}
