import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from './compiled.js';
import { ended } from './ended.js';
import { sombrero, timed } from './measure.js';
import { USER } from './private-smbd.js';

/** Round-trip times to a server, in milliseconds. */
export const NETWORKS = { loopback: 0, '1 ms': 1, '10 ms': 10 } as const;
export type NetworkName = keyof typeof NETWORKS;

export interface Way {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens a loopback port that leads to another port with this round-trip time, using `bench/delay.c`. */
export async function wayTo(port: number, network: NetworkName, folder: string): Promise<Way> {
  const roundTripMs = NETWORKS[network];
  if (roundTripMs === 0) return { port, close: async () => undefined };
  const program = compiled('delay', folder);
  const child = spawn(program, [String(port), String(roundTripMs * 500)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    port: Number(line),
    close: () => ended(child, () => child.stdin.end()),
  };
}

/** Median time of an echo in milliseconds, measured by `sombrero bench`. */
export async function echoOver({ port }: Way): Promise<number> {
  const flags = ['--only', 'echo', '--protection', 'plain', '--depth', '1', '--seconds', '1', '--json'];
  const { output } = await timed(sombrero('bench', `smb://${USER}@127.0.0.1:${port}/share`, ...flags));
  return Number(/"p50": ([\d.]+)/.exec(output)?.[1]);
}
