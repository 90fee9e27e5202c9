import { Option } from 'commander';
import type { AccessControl, AccessEntry, FileSecurity, Share } from '#client/index.js';
import {
  flagsText,
  inheritedFrom,
  inOrder,
  nameOf,
  parseEntry,
  parseWho,
  rightsText,
  sameEntry,
} from '../acl-entries.js';
import { isSeveral, onEach } from '../each.js';
import { walk } from '../entries.js';
import { Failures } from '../failures.js';
import { type JsonKind, type JsonOutput, withJson } from '../json-output.js';
import { type ClientFlags, collect, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly set?: string;
  readonly add?: readonly AccessEntry[];
  readonly remove?: readonly string[];
  readonly owner?: string;
  readonly group?: string;
  readonly inherit?: 'on' | 'off';
  readonly recursive?: boolean;
  readonly sddl?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero acl smb://ann@nas/docs/plan.txt
  $ sombrero acl 'smb://ann@nas/docs/*.txt'
  $ sombrero acl --sddl smb://ann@nas/docs > docs.sddl
  $ sombrero acl --set "$(cat docs.sddl)" smb://ann@nas/docs
  $ sombrero acl --add allow:Users:modify:files,dirs smb://ann@nas/docs
  $ sombrero acl -r --remove S-1-5-21-1-2-3-1104 smb://ann@nas/docs
  $ sombrero acl --inherit off smb://ann@nas/docs/private

WHO is a SID, a well-known name (Everyone, Users, Administrators, "Authenticated Users", SYSTEM, "CREATOR OWNER" …) or
its two letters in SDDL (WD, BU, BA …). RIGHTS are full, modify, read-execute, read, write, or bits such as 0x1200a9.
FLAGS say what inherits an entry: files and dirs below it; with 'below' it does not apply to the directory itself, with
'once' it goes down one level only. --inherit off turns inherited entries into entries of its own; --inherit on takes
over again what the parent directory hands down.`;

export const acl: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name')
        .option('--set <sddl>', 'replace the parts it names: O: owner, G: group, D: entries')
        .option('--add <KIND:WHO:RIGHTS[:FLAGS]>', 'add an entry (repeatable)', collect(parseEntry))
        .option('--remove <WHO>', 'remove the entries of WHO that are not inherited (repeatable)', collect(parseWho))
        .option('--owner <WHO>', 'change the owner', parseWho)
        .option('--group <WHO>', 'change the group', parseWho)
        .addOption(
          new Option('--inherit <how>', 'whether entries of the parent directory are inherited').choices(['on', 'off']),
        )
        .option('-r, --recursive', 'include everything below')
        .option('--sddl', 'only the security descriptor, as SDDL')
        .option('--json', 'an object; with -r or for several places an array of them'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: Flags) => {
        const several = flags.recursive === true || isSeveral(urls);
        const failures = isChange(flags)
          ? new Failures('acl', 'could not be changed; the others are')
          : new Failures('acl');
        await withJson(kindOf(flags, several), async (output) => {
          const shower = { output, several };
          await onEach('acl', urls, flags, signal, (share, path) => run(share, path, shower, flags, signal, failures));
          failures.end();
        });
      }),
};

function isChange({ set, add, remove, owner, group, inherit }: Flags): boolean {
  return (set ?? add ?? remove ?? owner ?? group ?? inherit) !== undefined;
}

function kindOf(flags: Flags, several: boolean): JsonKind {
  if (!flags.json || isChange(flags)) return undefined;
  return several ? 'array' : 'value';
}

/** How lists are shown: with several places, each under its name. */
interface View {
  readonly output: JsonOutput;
  readonly several: boolean;
}

async function run(
  share: Share,
  path: string,
  view: View,
  flags: Flags,
  signal: AbortSignal,
  failures: Failures,
): Promise<void> {
  const work = isChange(flags) ? new Changer(share, flags, signal) : new Shower(share, view, flags, signal);
  await work.one(path);
  if (flags.recursive) {
    for await (const found of walk(share, path, signal, { onError: failures.add })) {
      try {
        await work.one(found.path);
      } catch (error) {
        signal.throwIfAborted();
        failures.add(found.path, error);
      }
    }
  }
}

/** Makes the changes that the flags ask for, based on the current list of each file. */
class Changer {
  readonly #share: Share;
  readonly #flags: Flags;
  readonly #signal: AbortSignal;

  constructor(share: Share, flags: Flags, signal: AbortSignal) {
    this.#share = share;
    this.#flags = flags;
    this.#signal = signal;
  }

  async one(path: string): Promise<void> {
    const { set, owner, group, add, remove, inherit } = this.#flags;
    const options = { signal: this.#signal };
    if (set !== undefined) await this.#share.setAcl(path, set, options);
    const entries = add ?? remove ?? inherit;
    if (owner === undefined && group === undefined && entries === undefined) return;
    const change: AccessControl = { ...(owner && { owner }), ...(group && { group }) };
    await this.#share.setAcl(
      path,
      entries === undefined ? change : { ...change, ...(await this.#list(path)) },
      options,
    );
  }

  async #list(path: string): Promise<AccessControl> {
    const { add = [], remove = [], inherit } = this.#flags;
    const now = await this.#share.acl(path, { signal: this.#signal });
    const gone = new Set(remove);
    let entries = (now.entries ?? []).filter((entry) => entry.inherited || !gone.has(entry.sid));
    if (inherit === 'off') entries = entries.map(({ inherited: _, ...entry }) => entry);
    if (inherit === 'on') entries = await this.#handedDown(path, entries, now);
    const isProtected = inherit === undefined ? now.isProtected : inherit === 'off';
    const more = add.filter((entry) => !entries.some((own) => sameEntry(own, entry)));
    return { entries: inOrder([...entries, ...more]), isProtected };
  }

  async #handedDown(path: string, entries: readonly AccessEntry[], now: FileSecurity): Promise<AccessEntry[]> {
    const own = entries.filter(({ inherited }) => !inherited);
    if (path === '') return own;
    const slash = path.lastIndexOf('/');
    const [around, info] = await Promise.all([
      this.#share.acl(slash === -1 ? '' : path.slice(0, slash), { signal: this.#signal }),
      this.#share.stat(path, { signal: this.#signal }),
    ]);
    return [...own, ...inheritedFrom(around.entries ?? [], info.isDirectory(), now.owner)];
  }
}

class Shower {
  readonly #share: Share;
  readonly #flags: Flags;
  readonly #signal: AbortSignal;
  readonly #view: View;

  constructor(share: Share, view: View, flags: Flags, signal: AbortSignal) {
    this.#share = share;
    this.#view = view;
    this.#flags = flags;
    this.#signal = signal;
  }

  async one(path: string): Promise<void> {
    const found = await this.#share.acl(path, { signal: this.#signal });
    const { output, several } = this.#view;
    if (output.kind) return output.add(aclJson(path, found));
    if (this.#flags.sddl) return print(several ? `${found.sddl}\t${shown(path)}\n` : `${found.sddl}\n`);
    await print(several ? `${shown(path || '/')}:\n${tableOf(found)}\n` : tableOf(found));
  }
}

function aclJson(path: string, { owner, group, isProtected, entries, sddl }: FileSecurity): Record<string, unknown> {
  const listed = entries?.map((entry) => ({ ...entry, rightsName: rightsText(entry.rights) })) ?? null;
  return { path, owner, group, isProtected, entries: listed, sddl };
}

function tableOf({ owner, group, isProtected, entries, sddl }: FileSecurity): string {
  const rows = (entries ?? []).map((entry) => [
    entry.kind,
    rightsText(entry.rights),
    flagsText(entry),
    nameOf(entry.sid),
  ]);
  const width = (column: number): number => Math.max(0, ...rows.map((row) => (row[column] ?? '').length));
  const lines = rows.map(
    ([kind = '', rights = '', flags = '', who = '']) =>
      `${kind.padEnd(width(0))}  ${rights.padEnd(width(1))}  ${flags.padEnd(width(2))}  ${who}`,
  );
  return [
    `owner  ${nameOf(owner)}`,
    `group  ${nameOf(group)}`,
    ...(entries === null ? ['there is no list: everybody may do everything'] : []),
    ...(isProtected ? ['nothing is inherited from above'] : []),
    ...lines,
    `sddl   ${sddl}`,
    '',
  ].join('\n');
}
