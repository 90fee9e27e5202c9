import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { type ConnectOptions, type DialectName, playExchange, UsageError } from '#client/index.js';
import { memory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { Recorder, sideBySide, wantsColour } from '#viewer/index.js';
import { type ClientFlags, connectOptions, parseDialect, withClientFlags } from '../options.js';
import { deliver, FORMAT, type Format, OUT, render } from '../output.js';
import type { CommandModule } from '../program.js';
import { about, placeOf } from '../remote.js';

interface Flags extends ClientFlags {
  readonly dialect: readonly DialectName[];
  readonly format: Format;
  readonly out?: string;
  readonly extendedSecurity?: boolean;
}

const EXAMPLES = `
Without a URL, a server is started in this process, and the two ends talk over a real socket.

Examples:
  $ sombrero exchange                                              SMB1 over NetBIOS: the classic nine packets
  $ sombrero exchange --dialect 3.1.1                              the same steps today
  $ sombrero exchange --dialect NT1,3.1.1                          both, side by side
  $ sombrero exchange --format html --out exchange.html            a page to click through
  $ sombrero exchange --dialect 3.1.1 smb://ann@nas/docs/a.txt     with a server of your own`;

export const exchange: CommandModule = {
  build: (command, { signal }) =>
    withFlags(command)
      .addHelpText('after', EXAMPLES)
      .action(async (url: string | undefined, flags: Flags) => {
        const recorder = new Recorder({ role: 'client' }).start();
        let failure: unknown;
        try {
          for (const dialect of flags.dialect) {
            if (url === undefined) await playHere(dialect, flags, signal);
            else await playThere(url, dialect, flags, signal);
          }
        } catch (error) {
          failure = error;
        }
        recorder.stop();
        // After a failure, the packets up to it are what one wants to see.
        if (recorder.packets.length > 0) await deliver(shownAs(recorder, flags), flags.out);
        if (failure !== undefined) throw failure;
      }),
};

/** Several exchanges are shown side by side; a single one as a ladder. */
function shownAs(recorder: Recorder, { format, out }: Flags): string {
  if (format !== 'text' || recorder.connections.length < 2) return render(recorder, format, out);
  const columns = recorder.connections.map(({ number, dialect, framing }) => ({
    title: `${dialect ?? 'no dialect'} over ${framing === 'netbios' ? 'NetBIOS' : 'TCP'}`,
    packets: recorder.packets.filter(({ connection }) => connection === number),
  }));
  return sideBySide(columns, { colour: out === undefined && wantsColour(process.stdout, process.env) });
}

function withFlags(command: Command): Command {
  return withClientFlags(
    command
      .argument('[url]', 'smb://USER@HOST/SHARE/FILE: a file to read on another server')
      .addOption(dialectOption())
      .option('--extended-security', 'NT1: log on with SPNEGO, which Samba wants for NTLMv2; takes two session setups')
      .addOption(FORMAT())
      .addOption(OUT()),
  );
}

const dialectOption = (): Option =>
  new Option(
    '--dialect <dialect>',
    'NT1, 2.0.2, 2.1, 3.0, 3.0.2 or 3.1.1; several, such as NT1,3.1.1, appear side by side',
  )
    .argParser((text) => text.split(',').map(parseDialect))
    .default(['NT1'], 'NT1');

/** Offers just this dialect. With SMB1, the classic exchange uses a plain challenge and response. */
function optionsOf(dialect: DialectName, flags: Flags, signal: AbortSignal): ConnectOptions {
  const classic =
    dialect === 'NT1'
      ? { smb1: { extendedSecurity: flags.extendedSecurity === true, ntlmv1: flags.ntlmv1 === true } }
      : {};
  return { ...connectOptions(flags, signal), dialects: { min: dialect, max: dialect }, ...classic };
}

const USER = 'ann';
const SHARE = 'share';
const FILE = 'hello.txt';
const TEXT = 'Hello from the other end of the wire.\n';

async function playHere(dialect: DialectName, flags: Flags, signal: AbortSignal): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  const netbios = dialect === 'NT1';
  const backend = memory();
  const server = createServer({
    shares: { [SHARE]: backend },
    users: { [USER]: { password } },
    dialects: { min: dialect, max: dialect },
    ...(flags.signing === 'enabled' || flags.signing === 'off' ? { signing: 'enabled' as const } : {}),
    ...(flags.encryption ? { encryption: flags.encryption } : {}),
  });
  try {
    const file = await backend.create(FILE, 'file', 0);
    await backend.write(file.handle, new TextEncoder().encode(TEXT), 0);
    await backend.close(file.handle);
    const { port } = await server.listen(0, '127.0.0.1', { netbios });
    await playExchange(`smb://${USER}@127.0.0.1:${port}/${SHARE}/${FILE}`, {
      ...optionsOf(dialect, flags, signal),
      password,
      netbios,
    });
  } finally {
    await server.close();
  }
}

async function playThere(text: string, dialect: DialectName, flags: Flags, signal: AbortSignal): Promise<void> {
  const { url, password } = await placeOf(text, flags, signal);
  if (url.share === undefined || url.path === '')
    throw new UsageError(`name a file to read: smb://USER@HOST/SHARE/FILE, not ${url}`);
  const secret = password === undefined ? {} : { password };
  await about(String(url), () => playExchange(text, { ...optionsOf(dialect, flags, signal), ...secret }));
}
