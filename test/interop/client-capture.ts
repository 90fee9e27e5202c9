import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closings, frames } from '#tap/events.js';
import { PcapngWriter } from '#tap/pcapng.js';
import { ACCOUNT, type Cleanup, inReverse, run, temporaryFolder } from '#testing/peers.js';
import { type Expert, parseExpert } from '#testing/tshark.js';

/** Traffic of our clients, as Wireshark sees it. */
export interface Conversation {
  /** Its warnings and errors, except for TCP, which is made up. */
  readonly experts: readonly Expert[];
  /** Messages that it could not parse, one line each. */
  readonly malformed: readonly string[];
  /** SMB messages, and those among them that it could not decrypt. */
  readonly messages: number;
  readonly sealed: number;
}

/** Lets tshark derive the session keys for decryption. */
const KEYS = ['-o', `ntlmssp.nt_password:${ACCOUNT.password}`];
const MAX_BYTES = 192 * 1024 * 1024;

/** Captures all clients of this process from now on; the returned function reports what tshark thinks of it. */
export function overhear(t: Cleanup): () => Promise<Conversation> {
  const cleanup = inReverse(t);
  const writer = new PcapngWriter();
  const parts: Uint8Array[] = [writer.header()];
  let bytes = 0;
  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes <= MAX_BYTES) parts.push(part.slice());
  };
  const stops = [
    frames.subscribe((event) => {
      if (event.connection.role === 'client') keep(writer.frame(event));
    }),
    closings.subscribe(({ connection, time }) => {
      if (connection.role === 'client') keep(writer.end(connection, time));
    }),
  ];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
  };
  cleanup.after(stop);
  return async () => {
    stop();
    if (bytes > MAX_BYTES) throw new Error(`${bytes} bytes went over the wire: not all of it can be judged`);
    const file = join(await temporaryFolder(cleanup), 'client.pcapng');
    await writeFile(file, parts);
    return judged(file);
  };
}

async function judged(file: string): Promise<Conversation> {
  const experts = await run('tshark', [...KEYS, '-r', file, '-q', '-z', 'expert,warn'], '', 300_000);
  const fields = ['frame.number', 'smb2.cmd', 'smb.cmd', '_ws.malformed', 'smb2.header.transform.msg_size'];
  const show = fields.flatMap((field) => ['-e', field]);
  const listed = await run('tshark', [...KEYS, '-r', file, '-Y', 'smb || smb2', '-T', 'fields', ...show], '', 300_000);
  const rows = listed.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  return {
    experts: parseExpert(experts.stdout).filter(({ protocol }) => !['TCP', 'IPv4'].includes(protocol)),
    malformed: rows.filter(([, , , malformed]) => malformed !== '').map((row) => row.join(' ')),
    messages: rows.length,
    sealed: rows.filter(([, smb2, smb1, , sealed]) => smb2 === '' && smb1 === '' && sealed !== '').length,
  };
}
