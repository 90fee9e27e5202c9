import type { Smb1ClientConnection } from '#engine/smb1/client-connection.js';
import { EmptyAndXBlock } from '#wire/smb1/block.js';
import { EchoRequest } from '#wire/smb1/command/echo.js';
import { Capabilities, type NegotiateResponse, SecurityMode } from '#wire/smb1/command/negotiate.js';
import { Service, TreeConnectAndXRequest, type TreeConnectAndXResponse } from '#wire/smb1/command/tree-connect-andx.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { abortable } from '../abort.js';
import { type ConnectionInfo, identityOf } from '../connection-info.js';
import { withHint } from '../errors.js';
import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { ClientConnection, Control, Tree } from '../protocol.js';
import { PLAIN_SHARE, type ShareFacts } from '../share-facts.js';
import { Smb1Caller } from './caller.js';
import type { Smb1Session } from './set-up.js';
import { Smb1Tree } from './tree.js';

/** An ECHO may carry any data. */
const SIGN_OF_LIFE: Uint8Array = Uint8Array.of(0x68, 0x69);
/** With security signatures the password of a tree connect is one zero byte. */
const NO_PASSWORD: Uint8Array = new Uint8Array(1);

/** A TREE_CONNECT_ANDX to `\\host\share`. */
export function treeConnectRequest(path: string): TreeConnectAndXRequest {
  const body = new TreeConnectAndXRequest();
  body.password = NO_PASSWORD;
  body.path = path.toUpperCase();
  body.service = Service.Any;
  return body;
}

/** An SMB1 connection with its session. */
export class Smb1Client implements ClientConnection {
  readonly info: ConnectionInfo;
  readonly host: string;
  readonly port: number;
  readonly #link: Link;
  readonly #engine: Smb1ClientConnection;
  readonly #session: Smb1Session;
  readonly #response: NegotiateResponse;

  constructor(
    link: Link,
    engine: Smb1ClientConnection,
    settings: Settings,
    response: NegotiateResponse,
    session: Smb1Session,
  ) {
    this.#link = link;
    this.#engine = engine;
    this.#session = session;
    this.#response = response;
    this.host = settings.host;
    this.port = settings.port;
    this.info = infoOf(response, session);
    link.probe = () => void this.echo().catch(() => undefined);
  }

  async tree(share: string, control: Control = {}): Promise<Tree> {
    const { uid, signed } = this.#session;
    const path = `\\\\${this.host}\\${share}`;
    const call = { command: Smb1Command.TreeConnectAndX, body: treeConnectRequest(path), uid, path };
    const reply = await abortable(this.#engine.call(call, control.signal), control.signal).catch((error) => {
      throw withHint(error);
    });
    const { capabilities, maxBufferSize } = this.#response;
    const has = (capability: number): boolean => !signed && (capabilities & capability) !== 0;
    const limits = {
      maxBuffer: maxBufferSize,
      // Signed messages must fit the server's buffer, as in Windows and Samba.
      largeReads: has(Capabilities.LargeReadx),
      largeWrites: has(Capabilities.LargeWritex),
    };
    const caller = new Smb1Caller(this.#engine, { uid, tid: reply.header.tid }, limits);
    const { service } = reply.body as TreeConnectAndXResponse;
    return { protocol: new Smb1Tree(caller), encrypted: false, facts: factsOf(service) };
  }

  /** DFS is supported in SMB2 only. */
  async referral(): Promise<undefined> {
    return undefined;
  }

  async echo(control: Control = {}): Promise<void> {
    const body = new EchoRequest();
    body.data = SIGN_OF_LIFE;
    const call = { command: Smb1Command.Echo, body, uid: this.#session.uid };
    await abortable(this.#engine.call(call, control.signal), control.signal);
  }

  get lost(): unknown {
    return this.#link.lost;
  }

  get legacy(): undefined {
    return undefined;
  }

  whenLost(listener: () => void): void {
    this.#link.whenLost(listener);
  }

  async close(): Promise<void> {
    if (this.#link.lost === undefined) {
      const call = { command: Smb1Command.LogoffAndX, body: new EmptyAndXBlock(), uid: this.#session.uid };
      // Just a courtesy: it does not matter whether the server answers.
      await this.#engine.call(call).catch(() => undefined);
    }
    this.#link.end();
  }
}

function factsOf(service: string): ShareFacts {
  if (service === Service.NamedPipe) return { ...PLAIN_SHARE, kind: 'pipe' };
  return service === Service.Printer ? { ...PLAIN_SHARE, kind: 'printer' } : PLAIN_SHARE;
}

function infoOf(response: NegotiateResponse, session: Smb1Session): ConnectionInfo {
  const guid = response.isExtendedSecurity ? response.serverGuid : undefined;
  const { systemTime } = response;
  return {
    dialect: 'NT1',
    signingAlgorithm: session.signed ? 'MD5' : undefined,
    cipher: undefined,
    signed: session.signed,
    encrypted: false,
    guest: session.guest,
    anonymous: session.anonymous,
    mechanism: session.mechanism,
    serverRequiresSigning: (response.securityMode & SecurityMode.SecuritySignaturesRequired) !== 0,
    serverName: response.serverName || session.server?.netbiosName,
    serverGuid: guid,
    server: identityOf(session.server, { guid, software: session.software, systemTime, at: session.beganAt }),
    capabilities: response.capabilities & Capabilities.Dfs ? ['dfs'] : [],
    compression: [],
    maxRead: response.maxBufferSize,
    maxWrite: response.maxBufferSize,
    maxTransact: response.maxBufferSize,
  };
}
