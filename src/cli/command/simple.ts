import { type NodeStat, type Share, UsageError } from '#client/index.js';
import { isSeveral, onEach } from '../each.js';
import { entryJson, statIfThere } from '../entries.js';
import { withJson } from '../json-output.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { onShare } from '../remote.js';
import { humanSize, humanTime, print, shown } from '../terminal.js';

const PLACE = 'smb://USER@HOST/SHARE/PATH';
const PLACES = `${PLACE}; * and ? in the last name`;

export const mkdir: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', PLACE)
        .option('-p, --parents', 'make missing parents; do not fail if the directory exists'),
    )
      .addHelpText('after', '\nExample:\n  $ sombrero mkdir -p smb://ann@nas/docs/2024/may')
      .action(async (urls: string[], flags: ClientFlags & { parents?: boolean }) => {
        const make = async (share: Share, path: string): Promise<void> => {
          if (flags.parents) await share.mkdir(path, { recursive: true, signal });
          else await share.mkdir(path, { signal });
        };
        await onEach('mkdir', urls, flags, signal, make, { literal: true });
      }),
};

export const rmdir: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(command.argument('<urls...>', PLACES))
      .addHelpText(
        'after',
        "\nExample:\n  $ sombrero rmdir smb://ann@nas/docs/2023\n\n'rm -r' removes those that are not empty.",
      )
      .action((urls: string[], flags: ClientFlags) =>
        onEach('rmdir', urls, flags, signal, (share, path) => share.rmdir(path, { signal })),
      ),
};

export const stat: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command.argument('<urls...>', PLACES).option('--json', 'as an object; for several places an array of them'),
    )
      .addHelpText(
        'after',
        "\nExamples:\n  $ sombrero stat --json smb://ann@nas/docs/report.pdf | jq .size\n  $ sombrero stat 'smb://ann@nas/docs/*.pdf'",
      )
      .action(async (urls: string[], flags: ClientFlags & { json?: boolean }) => {
        const several = isSeveral(urls);
        await withJson(flags.json ? (several ? 'array' : 'value') : undefined, async ({ kind, add }) => {
          let told = 0;
          await onEach('stat', urls, flags, signal, async (share, path) => {
            const info = await share.stat(path, { signal });
            if (kind) return add(entryJson(path, info));
            await print(`${told++ > 0 ? '\n' : ''}${statText(path, info)}`);
          });
        });
      }),
};

function statText(path: string, info: NodeStat): string {
  const lines = [
    ['path', shown(path || '/')],
    ['kind', info.isDirectory() ? 'directory' : 'file'],
    ['size', `${info.size} bytes (${humanSize(info.size)}), ${info.allocationSize} on the medium`],
    ['attributes', `0x${info.attributes.toString(16).padStart(8, '0')}`],
    ['links', String(info.links)],
    ['id', String(info.id)],
    ['modified', humanTime(info.mtime)],
    ['accessed', humanTime(info.atime)],
    ['changed', humanTime(info.ctime)],
    ['created', humanTime(info.birthtime)],
  ];
  return lines.map(([key, value]) => `${(key as string).padEnd(12)}${value}\n`).join('');
}

export const df: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(command.argument('<url>', 'smb://USER@HOST/SHARE').option('--json', 'in bytes'))
      .addHelpText('after', '\nExample:\n  $ sombrero df smb://ann@nas/docs')
      .action((url: string, flags: ClientFlags & { json?: boolean }) =>
        withJson(flags.json ? 'value' : undefined, async ({ kind, add }) => {
          const { total, free, available, blockSize } = await onShare(url, flags, signal, (share) =>
            share.statfs({ signal }),
          );
          const used = total - free;
          if (kind) return add({ total, used, free, available, blockSize });
          const percent = total > 0 ? `, ${Math.round((used / total) * 100)} % used` : '';
          await print(`${humanSize(available)} available of ${humanSize(total)}${percent}\n`);
        }),
      ),
};

export const touch: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<urls...>', PLACES)
        .option('-c, --no-create', 'do not create files')
        .option('-d, --date <time>', 'this time instead of now, such as 2026-11-23T12:00:00Z'),
    )
      .addHelpText('after', '\nExample:\n  $ sombrero touch -d 2024-01-01T00:00:00Z smb://ann@nas/docs/marker')
      .action(async (urls: string[], flags: ClientFlags & { create: boolean; date?: string }) => {
        const mtime = flags.date === undefined ? new Date() : new Date(flags.date);
        if (Number.isNaN(mtime.getTime()))
          throw new UsageError(`${flags.date} is no time; write it as 2026-11-23T12:00:00Z`);
        await onEach('touch', urls, flags, signal, (share, path) => touchOne(share, path, mtime, flags.create, signal));
      }),
};

async function touchOne(share: Share, path: string, mtime: Date, create: boolean, signal: AbortSignal): Promise<void> {
  if (!(await statIfThere(share, path, signal))) {
    if (!create) return;
    await (await share.open(path, { access: 'write', create: 'if-missing', signal })).close();
  }
  await share.utimes(path, { mtime, atime: mtime }, { signal });
}
