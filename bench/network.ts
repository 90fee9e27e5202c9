import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from './compiled.js';
import { ended } from './ended.js';
import { sombrero, timed } from './measure.js';
import { USER } from './private-smbd.js';

/** How far away a server is: the time of a round trip to it. */
export const NETWORKS = { loopback: 0, '1 ms': 1, '10 ms': 10 } as const;
export type NetworkName = keyof typeof NETWORKS;

export interface Way {
  readonly port: number;
  close(): Promise<void>;
}

/** A port of loopback from where it takes a round trip so long to reach another one: `bench/delay.c`. */
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

/** Milliseconds that an echo takes, as `sombrero bench` sees it; the median. */
export async function echoOver({ port }: Way): Promise<number> {
  const flags = ['--only', 'echo', '--protection', 'plain', '--depth', '1', '--seconds', '1', '--json'];
  const { output } = await timed(sombrero('bench', `smb://${USER}@127.0.0.1:${port}/share`, ...flags));
  return Number(/"p50": ([\d.]+)/.exec(output)?.[1]);
}
