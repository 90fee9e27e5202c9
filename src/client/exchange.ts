import type { Smb1ClientConnection, Smb1Reply } from '#engine/smb1/client-connection.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { UsageError } from '#wire/erref/errors.js';
import { EmptyAndXBlock, EmptyBlock } from '#wire/smb1/block.js';
import { CloseRequest } from '#wire/smb1/command/close.js';
import { AccessMode, OpenAndXRequest, type OpenAndXResponse, SharingMode } from '#wire/smb1/command/open-andx.js';
import { ReadAndXRequest, type ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { type Environment, guarded, machine, openConnection, openLink } from './connection.js';
import type { Link } from './link.js';
import { type ConnectOptions, NT1, type Settings, settingsFrom } from './options.js';
import { toWire } from './paths.js';
import { rooted } from './smb1/caller.js';
import { treeConnectRequest } from './smb1/client.js';
import { negotiateFromSmb1, smb1Engine } from './smb1/multi-protocol.js';
import { checkPolicy, logOnSmb1, prepare } from './smb1/set-up.js';

export interface ExchangeResult {
  /** `NT1`, `3.1.1`. */
  readonly dialect: string;
  readonly signed: boolean;
  readonly encrypted: boolean;
  /** Size of the file as the server told it. */
  readonly size: number;
  /** What the one read brought. */
  readonly data: Uint8Array;
}

/** What one READ_ANDX asks for at most: a server without large reads gives no more than fits its buffer. */
const READ_SIZE = 16384;
/** OpenMode ([MS-CIFS] 2.2.4.41.1): open what is there, fail otherwise. */
const OPEN_EXISTING = 0x0001;
const ANY_FILE = 0x16;

/**
 * Plays the classic exchange and nothing else: the NetBIOS session where `netbios` says so, NEGOTIATE, SESSION_SETUP,
 * TREE_CONNECT, the open of one file, one read of it; then closes, disconnects and logs off. With NT1 as the only dialect
 * the commands are OPEN_ANDX and READ_ANDX, and the challenge is in the NEGOTIATE response unless `extendedSecurity` is
 * asked for. Who wants to see the packets listens to the tap.
 */
export async function playExchange(
  url: string,
  options: ConnectOptions = {},
  file: { readonly path?: string } = {},
  environment: Environment = machine,
): Promise<ExchangeResult> {
  const min = options.dialects?.min;
  const classic = min === 'NT1' && options.dialects?.max === 'NT1';
  const smb1 = { extendedSecurity: false, ...options.smb1 };
  const settings = settingsFrom(url, classic ? { ...options, smb1 } : options);
  const path = toWire(file.path ?? settings.path);
  if (settings.share === undefined || path === '') {
    throw new UsageError('the exchange needs a share and a file: smb://HOST/SHARE/FILE');
  }
  const play = { settings, share: settings.share, path, environment };
  return settings.dialects.every((dialect) => dialect === NT1) ? playClassic(play) : playModern(play);
}

interface Play {
  readonly settings: Settings;
  readonly share: string;
  readonly path: string;
  readonly environment: Environment;
}

async function playModern({ settings, share, path, environment }: Play): Promise<ExchangeResult> {
  const connection = await openConnection(settings, environment);
  try {
    const { signal } = settings;
    const { protocol, encrypted } = await connection.tree(share, { signal });
    const access = FileAccess.ReadData | FileAccess.ReadAttributes;
    const options = CreateOptions.NonDirectoryFile;
    const handle = await protocol.open({ path, access, disposition: CreateDisposition.Open, options }, { signal });
    const { size } = handle.info;
    const data = await protocol.read(handle, 0, Math.min(protocol.maxRead, Math.max(size, 1)), { signal });
    await protocol.close(handle);
    await protocol.disconnect();
    const { dialect, signed } = connection.info;
    return { dialect, signed, encrypted, size, data: data.slice() };
  } finally {
    await connection.close();
  }
}

async function playClassic(play: Play): Promise<ExchangeResult> {
  const link = await openLink(play.settings, play.environment);
  return guarded(link, play.settings.signal, () => classicSteps(link, play));
}

async function classicSteps(link: Link, { settings, share, path, environment }: Play): Promise<ExchangeResult> {
  const answer = await negotiateFromSmb1(link, settings);
  if (answer.family !== 'smb1') throw new UsageError('the server does not speak NT1');
  const { response } = answer;
  checkPolicy(settings, response);
  const engine = smb1Engine(link);
  prepare(engine, settings, response);
  const { uid, signed } = await logOnSmb1({ engine, settings, environment, response });
  const body = treeConnectRequest(`\\\\${settings.host}\\${share}`);
  const connected = await engine.call({ command: Smb1Command.TreeConnectAndX, body, uid, path: body.path });
  const ids = { uid, tid: connected.header.tid };
  const opened = (await openFile(engine, ids, path)).body as OpenAndXResponse;
  const { data } = (await readFile(engine, ids, opened.fid, path)).body as ReadAndXResponse;
  const close = new CloseRequest();
  close.fid = opened.fid;
  await engine.call({ command: Smb1Command.Close, body: close, ...ids, path });
  await engine.call({ command: Smb1Command.TreeDisconnect, body: new EmptyBlock(), ...ids });
  await engine.call({ command: Smb1Command.LogoffAndX, body: new EmptyAndXBlock(), uid });
  link.end();
  return { dialect: 'NT1', signed, encrypted: false, size: opened.fileDataSize, data: data.slice() };
}

interface Ids {
  readonly uid: number;
  readonly tid: number;
}

function openFile(engine: Smb1ClientConnection, ids: Ids, path: string): Promise<Smb1Reply> {
  const body = new OpenAndXRequest();
  body.fileName = rooted(path);
  body.accessMode = AccessMode.Read | (SharingMode.DenyNone << 4);
  body.searchAttrs = ANY_FILE;
  body.openMode = OPEN_EXISTING;
  return engine.call({ command: Smb1Command.OpenAndX, body, ...ids, path });
}

function readFile(engine: Smb1ClientConnection, ids: Ids, fid: number, path: string): Promise<Smb1Reply> {
  const body = new ReadAndXRequest();
  body.fid = fid;
  body.maxCount = READ_SIZE;
  return engine.call({ command: Smb1Command.ReadAndX, body, ...ids, path });
}
