import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { onEach } from '../remote.js';
import { print } from '../terminal.js';

export const cat: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(command.argument('<urls...>', 'smb://USER@HOST/SHARE/PATH'))
      .addHelpText('after', '\nExample:\n  $ sombrero cat smb://ann@nas/logs/today.log | grep error')
      .action(async (urls: string[], flags: ClientFlags) => {
        await onEach('cat', urls, flags, signal, async (share, path) => {
          for await (const chunk of share.createReadStream(path, { signal })) await print(chunk as Uint8Array);
        });
      }),
};
