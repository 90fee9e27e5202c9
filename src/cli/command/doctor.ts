import { type Examination, examine, type Finding } from '#client/index.js';
import { Failure } from '../failure.js';
import { withJson } from '../json-output.js';
import { type ClientFlags, connectOptions, withClientFlags } from '../options.js';
import type { CommandModule } from '../program.js';
import { about, placeOf, serverOf } from '../remote.js';
import { print, shown } from '../terminal.js';

interface Flags extends ClientFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
Marks: + is good, ! is bad, anything else is neither. Nothing on the server is changed. It sees about twenty short
connections, one of which tries an anonymous logon and one a user that does not exist. NTLMv1 is tried only with
--ntlmv1: whoever sees that response, the server above all, can work out the password within hours.

Examples:
  $ sombrero doctor smb://ann@nas              what the server offers and demands
  $ sombrero doctor smb://ann@nas/photos       and what is special about a share
  $ sombrero doctor --anonymous smb://nas      without an account
  $ sombrero doctor --ntlmv1 smb://test@nas    whether NTLMv1 is taken, with an account that does not matter
  $ sombrero doctor smb://ann@nas --json | jq '.findings[] | select(.verdict == "bad")'`;

export const doctor: CommandModule = {
  build: (command, { signal }) =>
    withClientFlags(
      command.argument('<url>', 'smb://USER@HOST[/SHARE]').option('--json', 'an object with the findings'),
    )
      .addHelpText('after', EXAMPLES)
      .action((url: string, flags: Flags) => printExamination(url, flags, signal)),
};

/** Examines a server and prints the findings. Fails if the server cannot be reached. */
async function printExamination(text: string, flags: Flags, signal: AbortSignal): Promise<void> {
  await withJson(flags.json ? 'value' : undefined, async ({ kind, add }) => {
    const place = await placeOf(text, flags, signal);
    const { url, password } = serverOf(place);
    const { share } = place.url;
    const secret = password === undefined ? {} : { password };
    const options = { ...connectOptions(flags, signal), ...secret };
    const target = share === undefined ? url : `${url.replace(/\/$/, '')}/${encodeURIComponent(share)}`;
    const found = await about(url, () => examine(target, options));
    if (kind) await add(found);
    else await printFindings(found);
    const unreached = found.findings.find(({ id, value }) => id === 'reachable' && value === false);
    if (unreached) throw new Failure(`${url}: ${unreached.means}`);
  });
}

async function printFindings({ findings }: Examination): Promise<void> {
  const rows = findings.map((each) => ({ ...each, text: shown(textOf(each)) }));
  const title = Math.max(...rows.map((row) => row.title.length));
  const value = Math.min(40, Math.max(...rows.map((row) => row.text.length)));
  const marks = { good: '+', bad: '!', neutral: ' ' } as const;
  for (const row of rows) {
    const line = `${marks[row.verdict]} ${shown(row.title).padEnd(title)}  ${row.text.padEnd(value)}  ${shown(row.means)}`;
    await print(`${line.trimEnd()}\n`);
  }
}

function textOf({ value }: Finding): string {
  if (value === undefined) return '-';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return value.length === 0 ? 'none' : value.join(', ');
}
