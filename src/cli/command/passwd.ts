import { fileAccounts } from '#auth/index.js';
import { UsageError } from '#client/index.js';
import type { CommandModule } from '../program.js';
import { askSecret, say } from '../terminal.js';

export const passwd: CommandModule = {
  build: (command, { signal }) =>
    command
      .argument('<file>', 'the file of users; created if missing, readable by its owner only')
      .argument('<user>', 'name of the user')
      .option('--delete', 'remove the user')
      .addHelpText(
        'after',
        '\nExample:\n  $ sombrero passwd users.txt ann\n  $ sombrero serve ./docs --users-file users.txt',
      )
      .action(async (file: string, user: string, flags: { delete?: boolean }) => {
        const accounts = fileAccounts(file);
        if (flags.delete) {
          if (!(await accounts.find(user))) throw new UsageError(`${file} has no user ${user}`);
          await accounts.remove(user);
          return;
        }
        await accounts.set(user, { password: await newPassword(user, signal) });
        say(`sombrero passwd: ${user} is in ${file}`);
      }),
};

/** From SOMBRERO_PASSWORD, a prompt (asked twice), or standard input. */
async function newPassword(user: string, signal: AbortSignal): Promise<string> {
  const { SOMBRERO_PASSWORD } = process.env;
  if (SOMBRERO_PASSWORD !== undefined) return SOMBRERO_PASSWORD;
  const first = await askSecret(`New password of ${user}: `, signal);
  if (first === undefined) return firstLine();
  if (first !== (await askSecret('Once more: ', signal))) throw new UsageError('the two passwords differ');
  return first;
}

async function firstLine(): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) text += chunk;
  const line = text.split(/\r?\n/)[0] ?? '';
  if (line === '') throw new UsageError('no password: set SOMBRERO_PASSWORD, or write it to standard input');
  return line;
}
