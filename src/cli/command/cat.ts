import type { Share } from '#client/index.js';
import { onEach } from '../each.js';
import { type ClientFlags, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { print } from '../terminal.js';

const EXAMPLES = `
Examples:
  $ sombrero cat smb://ann@nas/logs/today.log | grep error
  $ sombrero cat 'smb://ann@nas/logs/2024-*.log' | wc -l`;

export const cat: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(command.argument('<urls...>', 'smb://USER@HOST/SHARE/PATH; * and ? in the last name'))
      .addHelpText('after', EXAMPLES)
      .action(async (urls: string[], flags: ClientFlags) => {
        await onEach('cat', urls, flags, signal, async (share, path) => void (await pour(share, path, signal)));
      }),
};

/** Writes a file to standard output; returns its length. */
export async function pour(share: Share, path: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  for await (const chunk of share.createReadStream(path, { signal }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    await print(chunk);
  }
  return bytes;
}
