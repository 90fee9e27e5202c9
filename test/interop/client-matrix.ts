import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { type ConnectOptions, connect, type Share } from '#client/index.js';
import { type Cleanup, inReverse, requirePeer } from '#testing/peers.js';
import { type Smbd, type SmbdOptions, startSmbd } from '#testing/smbd.js';
import { type ClientPlace, clientSuite } from '../conformance/client/suite.js';
import { overhear } from './client-capture.js';

/** How a client talks to a server, in one row of the matrix. */
export interface Row {
  readonly name: string;
  readonly options: ConnectOptions;
  /** Expected values of `share.info`. */
  readonly agreed: Readonly<Partial<Share['info']>>;
  readonly lacks?: ClientPlace['lacks'];
  readonly leaves?: ClientPlace['leaves'];
}

type Dialect = NonNullable<NonNullable<ConnectOptions['dialects']>['min']>;

const only = (name: Dialect): ConnectOptions => ({ dialects: { min: name, max: name } });

const OLD_NAMES: Readonly<Record<Dialect, string>> = {
  NT1: 'MD5',
  '2.0.2': 'HMAC-SHA256',
  '2.1': 'HMAC-SHA256',
  '3.0': 'AES-CMAC',
  '3.0.2': 'AES-CMAC',
  '3.1.1': 'AES-GMAC',
};
const UNSIGNED = { signingAlgorithm: undefined, signed: false, encrypted: false } as const;

function lacksOf(dialect: Dialect): ClientPlace['lacks'] {
  if (dialect === 'NT1') return SMB1_LACKS;
  return dialect === '2.0.2' ? { leases: 'they came with 2.1' } : {};
}

export const SMB1_LACKS: ClientPlace['lacks'] = {
  leases: 'they came with SMB 2.1',
  oplocks: 'none are asked for in SMB1',
  IOCTL: 'smbd knows no copying on the server in SMB1',
  'symbolic links': 'not made in SMB1',
  'links in listings': 'not told in SMB1',
};

const ENDS = 'smbd 4.17 now and then ends an SMB1 connection where requests are cancelled';

export const SMB1_LEAVES: NonNullable<ClientPlace['leaves']> = {
  'streams of what is not there fail, and streams that are left leave nothing open': ENDS,
  'calls end with their signal, at once and later, and the share lives on': ENDS,
  'calls end when their time is over': ENDS,
  'fs: directories as by node:fs': 'smbd says another status in SMB1 where a directory would be replaced',
};

function row(dialect: Dialect, what: string, options: ConnectOptions, agreed: Row['agreed']): Row {
  return {
    name: `${dialect} ${what}`,
    options: { ...only(dialect), ...options },
    agreed: { dialect, ...agreed },
    lacks: lacksOf(dialect) ?? {},
    leaves: dialect === 'NT1' ? SMB1_LEAVES : {},
  };
}

const encrypted = (dialect: Dialect, cipher: NonNullable<ConnectOptions['ciphers']>[number]): Row =>
  row(dialect, cipher, { encryption: 'required', ciphers: [cipher] }, { cipher, encrypted: true });

/** Every dialect: unsigned, signed with each of its algorithms, and encrypted with each of its ciphers. */
export const ROWS: readonly Row[] = [
  ...(['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1', 'NT1'] as const).flatMap((dialect) => [
    row(dialect, 'unsigned', { signing: 'off' }, UNSIGNED),
    row(dialect, 'signed', {}, { signingAlgorithm: OLD_NAMES[dialect], signed: true }),
  ]),
  ...(['AES-CMAC', 'HMAC-SHA256'] as const).map((name) =>
    row('3.1.1', name, { signingAlgorithms: [name] }, { signingAlgorithm: name, signed: true }),
  ),
  encrypted('3.0', 'AES-128-CCM'),
  encrypted('3.0.2', 'AES-128-CCM'),
  ...(['AES-128-GCM', 'AES-128-CCM', 'AES-256-GCM', 'AES-256-CCM'] as const).map((name) => encrypted('3.1.1', name)),
];

/** One server for all tests that ask for it; it ends after the last of them. */
export function shared<T>(start: (t: Cleanup) => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  const cleanup = inReverse({ after: (action) => void after(action) });
  return () => {
    running ??= start(cleanup);
    return running;
  };
}

/** By default smbd checks no locks for a reader with a lease: that client should know them. */
const STRICT = 'strict locking = yes';

export function sharedSmbd(options: SmbdOptions): () => Promise<Smbd> {
  return shared((t) => startSmbd(t, { ...options, global: [STRICT, ...(options.global ?? [])] }));
}

/** Removes everything left from an earlier row. */
export async function emptied(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}

export interface Address {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Connects with the options of a row. */
export async function visit(
  { port, user, password }: Address,
  options: ConnectOptions,
  name = 'share',
): Promise<Share> {
  return connect(`smb://127.0.0.1:${port}/${name}`, { user, password, ...options });
}

/** The place that the suite runs against. */
export async function placeAt(
  address: Address,
  options: ConnectOptions,
  more: Partial<ClientPlace> = {},
  name = 'share',
): Promise<ClientPlace> {
  const share = await visit(address, options, name);
  return { ...more, share, another: () => visit(address, options, name), close: () => share.close() };
}

/** What smbd lacks in most configurations. */
export const LACKS: NonNullable<ClientPlace['lacks']> = {
  snapshots: 'the share has none',
  'links in listings': 'smbd follows links itself',
  'symbolic links': 'smbd 4.17 makes none over SMB2',
};

/** Warnings of Wireshark about messages that are correct. */
const FALSE_ALARMS: ReadonlySet<string> = new Set([
  // SMB1 pass-through levels, only some of which it knows.
  'Information level unknown',
]);

/** Runs the suite on a place, and checks the traffic with Wireshark. */
export function judged(name: string, make: () => Promise<ClientPlace>): void {
  clientSuite(name, async (t) => {
    if (!requirePeer(t, 'smbd', 'tshark')) return undefined;
    const heard = overhear(t);
    const place = await make();
    return {
      ...place,
      close: async () => {
        await place.close();
        const { experts, malformed, messages, sealed } = await heard();
        assert.deepEqual(
          experts.filter(({ summary }) => !FALSE_ALARMS.has(summary)),
          [],
        );
        assert.deepEqual(malformed, []);
        assert.ok(messages > 100);
        assert.equal(sealed, 0, 'messages that could not be decrypted');
      },
    };
  });
}

const all = sharedSmbd({ mode: 'all' });
const signing = sharedSmbd({ mode: 'sign' });

/** Runs the rows of some dialects. */
export function judgedRows(wanted: (dialect: string) => boolean): void {
  for (const { name, options, agreed, lacks, leaves } of ROWS) {
    if (!wanted(String(agreed.dialect))) continue;
    judged(`smbd, ${name}`, async () => {
      // smbd signs SMB1 only if it requires signing.
      const smbd = await (name === 'NT1 signed' ? signing : all)();
      await emptied(smbd.share);
      const place = await placeAt(smbd, options, { lacks: { ...LACKS, ...lacks }, leaves: leaves ?? {} });
      const { info } = place.share;
      for (const [key, value] of Object.entries(agreed)) assert.equal(info[key as keyof typeof info], value, key);
      return place;
    });
  }
}
