import { inspectServer } from '#client/index.js';
import { Failure } from '../failure.js';
import { type JsonOutput, withJson } from '../json-output.js';
import { type ClientFlags, connectOptions, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { about, placeOf, serverOf } from '../remote.js';
import { askAll, askControl, type ControlAnswer } from '../serve/control.js';
import { humanTime, print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly control?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ sombrero status                                 the servers of this user on this machine
  $ sombrero status smb://admin@nas                 any server, Windows too, for its administrators
  $ sombrero status --json | jq '.[0].opens'

Without a URL it asks each 'sombrero serve' that this user runs, over its control socket, and shows everything: sessions,
tree connects, open files with what their clients may cache, and locks. With a URL it asks the server itself
(NetrSessionEnum and NetrFileEnum of the server service), which tells administrators who is logged on and what is open.`;

export const status: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command
        .argument('[url]', 'smb://USER@HOST; without it, the servers on this machine')
        .option('--control <socket>', "the control socket that 'serve' was given")
        .option('--json', 'as JSON'),
    )
      .addHelpText('after', EXAMPLES)
      .action(async (url: string | undefined, flags: Flags) => {
        if (url !== undefined) {
          return withJson(flags.json ? 'value' : undefined, (output) => remote(url, flags, output, signal));
        }
        return withJson(flags.json ? 'array' : undefined, (output) => local(flags.control, output));
      }),
};

async function local(control: string | undefined, { kind, add }: JsonOutput): Promise<void> {
  const found = control === undefined ? await askAll() : [await askControl(control)];
  if (kind) for (const answer of found) await add(answer);
  if (kind) return;
  if (found.length === 0) throw new Failure("no 'sombrero serve' of this user is running here");
  for (const answer of found) await tell(answer);
}

async function remote(text: string, flags: Flags, { kind, add }: JsonOutput, signal: AbortSignal): Promise<void> {
  const place = await placeOf(text, flags, signal);
  const { url, password } = serverOf(place);
  const secret = password === undefined ? {} : { password };
  const found = await about(url, () => inspectServer(url, { ...connectOptions(flags, signal), ...secret }));
  if (kind) return add(found);
  await table(
    ['user', 'client', 'for', 'idle', 'opens'],
    found.sessions.map(({ user, client, seconds, idleSeconds, opens, guest }) => [
      guest ? `${user} (guest)` : user,
      client,
      `${seconds} s`,
      `${idleSeconds} s`,
      String(opens),
    ]),
  );
  await print('\n');
  await table(
    ['user', 'access', 'locks', 'path'],
    found.files.map(({ user, access, locks, path }) => [user, access, String(locks), path]),
  );
}

async function tell({ pid, listening, shares, sessions, trees, opens, locks, counts }: ControlAnswer): Promise<void> {
  const where = listening === undefined ? 'nowhere' : `${listening.host}:${listening.port}`;
  await print(
    `server ${pid} on ${where}: ${counts.connections} connections; shares ${shares.map(shown).join(', ')}\n\n`,
  );
  const users = new Map(sessions.map(({ id, account }) => [id, account]));
  await table(
    ['session', 'user', 'client', 'since', 'opens'],
    sessions.map(({ id, account, client, since, opens: count }) => [
      id,
      account,
      client,
      humanTime(new Date(since)),
      String(count),
    ]),
  );
  await print('\n');
  await table(
    ['session', 'share', 'opens'],
    trees.map(({ session, share, opens: count }) => [session, share, String(count)]),
  );
  await print('\n');
  await table(
    ['session', 'user', 'access', 'sharing', 'cached', 'path'],
    opens.map(({ session, access, sharing, caching, lease, share, path, durable }) => [
      session,
      users.get(session) ?? '',
      access || '-',
      sharing || '-',
      `${caching || '-'}${caching === '' ? '' : lease ? ' lease' : ' oplock'}${durable ? ' durable' : ''}`,
      `${share}/${path}`,
    ]),
  );
  if (locks.length > 0) await print('\n');
  await table(
    ['lock', 'offset', 'length', 'path'],
    locks.map(({ exclusive, offset, length, path }) => [exclusive ? 'exclusive' : 'shared', offset, length, path]),
    true,
  );
}

/** Prints columns as wide as their contents. */
async function table(head: readonly string[], rows: readonly string[][], silent = false): Promise<void> {
  if (silent && rows.length === 0) return;
  const all = [head, ...rows.map((row) => row.map(shown))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all)
    await print(
      `${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}
