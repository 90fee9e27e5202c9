import { type ListedShare, listShares } from '#client/index.js';
import { withJson } from '../json-output.js';
import { type ClientFlags, connectOptions, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { about, placeOf, serverOf } from '../remote.js';
import { print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

export const shares: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('<url>', 'smb://USER@HOST')
        .option('-a, --all', 'include hidden and administrative shares')
        .option('--json', 'an array of shares'),
    )
      .addHelpText('after', '\nExample:\n  $ sombrero shares smb://ann@nas')
      .action((url: string, flags: Flags) => printShares(url, flags, signal)),
};

/** Prints the shares of a server. */
export async function printShares(text: string, flags: Flags, signal: AbortSignal): Promise<void> {
  await withJson(flags.json ? 'array' : undefined, async ({ kind, add }) => {
    const place = await placeOf(text, flags, signal);
    const { url, password } = serverOf(place);
    const secret = password === undefined ? {} : { password };
    const found = await about(url, () => listShares(url, { ...connectOptions(flags, signal), ...secret }));
    if (kind) for (const share of found) await add(share);
    else await tell(found.filter(({ hidden }) => flags.all || !hidden));
  });
}

async function tell(found: readonly ListedShare[]): Promise<void> {
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { name, kind, comment } of found) {
    await print(`${shown(name).padEnd(width)}  ${kind.padEnd(7)}  ${shown(comment)}`.trimEnd().concat('\n'));
  }
}
