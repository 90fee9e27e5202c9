import { Option } from 'commander';
import type { DirectoryEntry } from '#client/index.js';
import { entryJson, walk } from '../entries.js';
import { globTest } from '../glob.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { onShare } from '../remote.js';
import { humanSize, JsonArray, json, print, shown } from '../terminal.js';

interface FindFlags extends ClientFlags {
  readonly name?: string;
  readonly type?: 'f' | 'd';
  readonly json?: boolean;
}

export const find: CommandModule = {
  name: 'find',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('find files and directories below a directory')
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .option('--name <pattern>', 'names with * and ?, in any case')
        .addOption(new Option('--type <kind>', 'f: files, d: directories').choices(['f', 'd']))
        .option('--json', 'an array of entries'),
    )
      .addHelpText('after', "\nExample:\n  $ sombrero find smb://ann@nas/photos --name '*.jpg'")
      .action(async (url: string, flags: FindFlags) => {
        const array = new JsonArray();
        const fits = testOf(flags);
        await onShare(url, flags, signal, async (share, path) => {
          for await (const entry of walk(share, path, signal)) {
            if (!fits(entry)) continue;
            if (flags.json) await array.add(entryJson(entry.path, entry));
            else await print(`${shown(entry.path)}\n`);
          }
        });
        if (flags.json) await array.end();
      }),
};

function testOf({ name, type }: FindFlags): (entry: DirectoryEntry) => boolean {
  const named = name === undefined ? () => true : globTest(name);
  return (entry) => named(entry.name) && (type === undefined || entry.isDirectory() === (type === 'd'));
}

export const du: CommandModule = {
  name: 'du',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('tell how much is in a directory')
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .option('--json', 'in bytes'),
    ).action(async (url: string, flags: ClientFlags & { json?: boolean }) => {
      const sum = { files: 0, directories: 0, size: 0, allocationSize: 0 };
      await onShare(url, flags, signal, async (share, path) => {
        const top = await share.stat(path, { signal });
        if (!top.isDirectory()) {
          Object.assign(sum, { files: 1, size: top.size, allocationSize: top.allocationSize });
          return;
        }
        for await (const entry of walk(share, path, signal)) {
          if (entry.isDirectory()) sum.directories++;
          else sum.files++;
          sum.size += entry.size;
          sum.allocationSize += entry.isDirectory() ? 0 : entry.allocationSize;
        }
      });
      if (flags.json) return print(`${json(sum, 2)}\n`);
      await print(`${humanSize(sum.size)} in ${sum.files} files and ${sum.directories} directories\n`);
    }),
};

export const watch: CommandModule = {
  name: 'watch',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('tell what changes in a directory, until Ctrl-C')
        .argument('<url>', 'smb://USER@HOST/SHARE/PATH')
        .option('-r, --recursive', 'and below')
        .option('--json', 'one object a line'),
    )
      .addHelpText('after', '\nExample:\n  $ sombrero watch -r --json smb://ann@nas/inbox | while read -r line; do …')
      .action(async (url: string, flags: ClientFlags & { recursive?: boolean; json?: boolean }) => {
        try {
          await onShare(url, flags, signal, async (share, path) => {
            for await (const change of share.watch(path, { recursive: flags.recursive === true, signal })) {
              const from = 'from' in change ? `${shown(change.from)} -> ` : '';
              await print(flags.json ? `${json(change)}\n` : `${change.kind.padEnd(9)} ${from}${shown(change.path)}\n`);
            }
          });
        } catch (error) {
          // Ctrl-C is how watching ends.
          if (!signal.aborted) throw error;
        }
      }),
};
