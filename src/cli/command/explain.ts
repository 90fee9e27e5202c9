import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { capturedFrames, Decryption, type FrameEvent, Recorder } from '#viewer/index.js';
import { Malformed } from '#wire/index.js';
import { Failure, reasonOf } from '../failure.js';
import { collect } from '../options.js';
import { deliver, FORMAT, type Format, OUT, render } from '../output.js';
import type { CommandModule } from '../program.js';
import { say } from '../terminal.js';

interface Flags {
  readonly format: Format;
  readonly out?: string;
  readonly port?: number[];
  readonly password?: string;
}

const EXAMPLES = `
Examples:
  $ sombrero explain capture.pcapng
  $ tcpdump -i eth0 -w - port 445 | sombrero explain -
  $ sombrero explain --format html --out capture.html capture.pcapng
  $ SOMBRERO_PASSWORD=… sombrero explain capture.pcapng      what is encrypted is shown, too

Encrypted messages can be decrypted if the capture includes the NTLM logon they belong to.`;

export const explain: CommandModule = {
  build: (command) =>
    command
      .argument('<file>', 'the capture; - reads standard input')
      .option(
        '--port <port>',
        'servers listen on this port too (repeatable; 445 and 139 are known)',
        collect(parsePort),
      )
      .option('--password <password>', 'password of the logon, to decrypt messages (better: SOMBRERO_PASSWORD)')
      .addOption(FORMAT())
      .addOption(OUT())
      .addHelpText('after', EXAMPLES)
      .action(async (file: string, flags: Flags) => {
        const recorder = new Recorder();
        const password = flags.password ?? process.env.SOMBRERO_PASSWORD;
        const decryption = password === undefined ? undefined : new Decryption(password);
        for (const frame of await framesOf(file, flags.port)) recorder.add(decryption?.open(frame) ?? frame);
        const isClosed = recorder.packets.some(({ encrypted, plain }) => encrypted && plain === undefined);
        for (const account of isClosed && decryption ? decryption.strangers : []) {
          say(`sombrero explain: ${account} logged on with another password: what is encrypted stays so`);
        }
        if (recorder.packets.length === 0) {
          throw new Failure(
            `${file}: no SMB packets on ports ${[445, 139, ...(flags.port ?? [])].join(', ')}; --port names others`,
          );
        }
        await deliver(render(recorder, flags.format, flags.out), flags.out);
      }),
};

async function framesOf(file: string, ports: readonly number[] = []): Promise<FrameEvent[]> {
  try {
    return capturedFrames(file === '-' ? await standardInput() : await readFile(file), { ports });
  } catch (error) {
    const why = error instanceof Malformed ? `no capture: ${error.message}` : reasonOf(error, file);
    throw new Failure(`${file}: ${why}`, { cause: error });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError('a port is 1 to 65535.');
  return port;
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
