import { parseSmbUrl, UsageError } from '#client/index.js';
import { baseName, below, statIfThere } from '../entries.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { isUrl, onShare } from '../remote.js';
import { sameShare } from './cp.js';

interface Flags extends ClientFlags {
  readonly clobber: boolean;
}

export const mv: CommandModule = {
  name: 'mv',
  build: (command, { signal }) =>
    withClientFlags(
      command
        .description('rename or move within a share')
        .argument('<from>', 'smb://USER@HOST/SHARE/PATH')
        .argument('<to>', 'smb://USER@HOST/SHARE/PATH')
        .option('-n, --no-clobber', 'fail if there is something by that name'),
    )
      .addHelpText('after', '\nExample:\n  $ sombrero mv smb://ann@nas/docs/draft.txt smb://ann@nas/docs/final.txt')
      .action(async (from: string, to: string, flags: Flags) => {
        for (const url of [from, to]) if (!isUrl(url)) throw new UsageError(`${url} is no SMB URL`);
        const target = parseSmbUrl(to);
        if (!sameShare(parseSmbUrl(from), target)) {
          throw new UsageError("'mv' works within one share: use 'cp -r', then 'rm -r'");
        }
        await onShare(from, flags, signal, async (share, path) => {
          const into = target.path === '' || (await statIfThere(share, target.path, signal))?.isDirectory() === true;
          const same = target.path.toLowerCase() === path.toLowerCase();
          const place = into && !same ? below(target.path, baseName(path)) : target.path;
          await share.rename(path, place, { replace: flags.clobber, signal });
        });
      }),
};
