import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { capturedFrames, Recorder } from '#viewer/index.js';
import { Failure } from '../failure.js';
import { collect } from '../options.js';
import { deliver, FORMAT, type Format, OUT, render } from '../output.js';
import type { CommandModule } from '../program.js';

interface Flags {
  readonly format: Format;
  readonly out?: string;
  readonly port?: number[];
}

const EXAMPLES = `
Examples:
  $ sombrero explain capture.pcapng
  $ tcpdump -i eth0 -w - port 445 | sombrero explain -
  $ sombrero explain --format html --out capture.html capture.pcapng`;

export const explain: CommandModule = {
  build: (command) =>
    command
      .argument('<file>', 'the capture; - reads standard input')
      .option(
        '--port <port>',
        'servers listen on this port too (repeatable; 445 and 139 are known)',
        collect(parsePort),
      )
      .addOption(FORMAT())
      .addOption(OUT())
      .addHelpText('after', EXAMPLES)
      .action(async (file: string, flags: Flags) => {
        const bytes = file === '-' ? await standardInput() : await readFile(file);
        const recorder = new Recorder();
        for (const frame of capturedFrames(bytes, { ports: flags.port ?? [] })) recorder.add(frame);
        if (recorder.packets.length === 0) {
          throw new Failure(
            `${file}: no SMB packets on ports ${[445, 139, ...(flags.port ?? [])].join(', ')}; --port names others`,
          );
        }
        await deliver(render(recorder, flags.format, flags.out), flags.out);
      }),
};

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
