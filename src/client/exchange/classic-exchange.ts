import type { Smb1ClientConnection, Smb1Reply } from '#engine/smb1/client-connection.js';
import { UsageError } from '#wire/erref/errors.js';
import { EmptyAndXBlock, EmptyBlock } from '#wire/smb1/block.js';
import { CloseRequest } from '#wire/smb1/command/close.js';
import { AccessMode, OpenAndXRequest, type OpenAndXResponse, SharingMode } from '#wire/smb1/command/open-andx.js';
import { ReadAndXRequest, type ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import type { Link } from '../link.js';
import { rooted } from '../smb1/caller.js';
import { treeConnectRequest } from '../smb1/client.js';
import { negotiateFromSmb1, smb1Engine } from '../smb1/multi-protocol.js';
import { checkPolicy, logOnSmb1, prepare } from '../smb1/set-up.js';
import type { ExchangeResult, Play } from './exchange.js';

/** The size of a READ_ANDX: without large reads, a server returns no more than fits its buffer. */
const READ_SIZE = 16384;
/** OpenMode ([MS-CIFS] 2.2.4.41.1): open an existing file, fail otherwise. */
const OPEN_EXISTING = 0x0001;
const ANY_FILE = 0x16;

/** The exchange in NT1, starting with NEGOTIATE. */
export async function classicSteps(link: Link, { settings, share, path, environment }: Play): Promise<ExchangeResult> {
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
