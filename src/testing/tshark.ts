import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bequeath } from './executor.js';
import { rewritePort, tcpOnly } from './pcap.js';
import { type Cleanup, inReverse, run, temporaryFolder } from './peers.js';

const START_MS = 30_000;

export interface Capture {
  /** Stops the capture once everything sent so far is in it; returns the file (pcap). */
  stop(): Promise<string>;
}

export interface Expert {
  readonly severity: 'error' | 'warning';
  readonly protocol: string;
  readonly group: string;
  readonly summary: string;
  readonly count: number;
}

/** Captures traffic of a TCP port on the loopback interface. Call `requirePeer(t, 'tshark')` first. */
export async function tsharkCapture(t: Cleanup, port: number): Promise<Capture> {
  const cleanup = inReverse(t);
  const folder = await temporaryFolder(cleanup);
  // When writing to a pipe, dumpcap flushes after each packet, so `stop` sees its marker as soon as it is captured.
  const args = ['-i', 'lo', '-q', '-P', '-f', `port ${port}`, '-w', '-'];
  const child = bequeath(spawn('dumpcap', args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  const exit = once(child, 'exit');
  cleanup.after(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const chunks: Buffer[] = [];
  const marker = `end of capture ${port} ${process.pid}`;
  let tail = '';
  let seen = (): void => {};
  const markerSeen = new Promise<void>((resolve) => {
    seen = resolve;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    tail = tail.slice(-marker.length) + chunk.toString('latin1');
    if (tail.includes(marker)) seen();
  });
  await said(child.stderr, 'File: ', exit);
  return {
    stop: async () => {
      await sendMarker(port, marker);
      await Promise.race([markerSeen, exit]);
      child.kill('SIGINT');
      await exit;
      const file = join(folder, 'capture.pcap');
      // The marker comes from any port, and tshark may take that port for another protocol.
      await writeFile(file, tcpOnly(Buffer.concat(chunks)));
      return file;
    },
  };
}

function said(stream: NodeJS.ReadableStream, text: string, exit: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const late = setTimeout(() => reject(new Error(`dumpcap does not capture: ${output}`)), START_MS);
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(text)) return;
      clearTimeout(late);
      resolve();
    });
    exit.then(() => {
      clearTimeout(late);
      reject(new Error(`dumpcap ended: ${output}`));
    }, reject);
  });
}

async function sendMarker(port: number, marker: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.send(marker, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
  socket.close();
}

/**
 * What Wireshark considers wrong with a capture, except TCP. It reads 24-bit lengths only on port 445, so the port is
 * rewritten first.
 */
export async function tsharkExpert(file: string, port: number, as = 445): Promise<Expert[]> {
  const rewritten = `${file}.${as}.pcap`;
  await writeFile(rewritten, rewritePort(await readFile(file), port, as));
  const { status, stdout, stderr } = await run('tshark', ['-r', rewritten, '-q', '-z', 'expert,warn']);
  await rm(rewritten);
  if (status !== 0) throw new Error(`tshark: ${stderr}`);
  return parseExpert(stdout).filter(({ protocol }) => protocol !== 'TCP' && protocol !== 'IPv4');
}

/** Parses the tables of `tshark -z expert`. */
export function parseExpert(text: string): Expert[] {
  const found: Expert[] = [];
  let severity: Expert['severity'] = 'error';
  for (const line of text.split('\n')) {
    if (/^Errors /.test(line)) severity = 'error';
    else if (/^Warns /.test(line)) severity = 'warning';
    const row = /^\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!row) continue;
    const [, count, group, protocol, summary] = row as unknown as [string, string, string, string, string];
    found.push({ severity, protocol, group, summary, count: Number(count) });
  }
  return found;
}

/** The capture with the server's port rewritten, one line per packet, to help with a failed test. */
export async function tsharkText(file: string, port: number, as = 445): Promise<string> {
  const rewritten = `${file}.${as}.pcap`;
  await writeFile(rewritten, rewritePort(await readFile(file), port, as));
  const { stdout } = await run('tshark', ['-r', rewritten]);
  await rm(rewritten);
  return stdout;
}
