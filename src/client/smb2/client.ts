import type { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { ShareFlags, TreeConnectRequest, type TreeConnectResponse } from '#wire/smb2/command/tree-connect.js';
import { Dialect, dialectNames } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { cipherNames } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { abortable } from '../abort.js';
import { type ConnectionInfo, identityOf, type ServerCapability } from '../connection-info.js';
import { withHint } from '../errors.js';
import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { ClientConnection, Control, Tree } from '../protocol.js';
import { Breaks } from './breaks.js';
import { Caller } from './caller.js';
import { validateNegotiation } from './ioctl.js';
import type { Agreement } from './negotiate.js';
import type { EstablishedSession } from './session-setup.js';
import { Smb2Tree } from './tree.js';

/** A connection that speaks SMB2, with its session. */
export class Smb2Client implements ClientConnection {
  readonly info: ConnectionInfo;
  readonly host: string;
  readonly #link: Link;
  readonly #engine: Smb2ClientConnection;
  readonly #settings: Settings;
  readonly #agreement: Agreement;
  readonly #session: EstablishedSession;
  readonly #breaks = new Breaks();
  #validated = false;

  constructor(
    link: Link,
    engine: Smb2ClientConnection,
    settings: Settings,
    agreement: Agreement,
    session: EstablishedSession,
  ) {
    this.#link = link;
    this.#engine = engine;
    this.#settings = settings;
    this.#agreement = agreement;
    this.#session = session;
    this.host = settings.host;
    this.info = infoOf(agreement, session);
    engine.onBreak = (message) => this.#breaks.take(message);
    link.probe = () => void this.echo().catch(() => undefined);
  }

  /** [MS-SMB2] 3.2.4.2.4, 3.2.5.5. */
  async tree(share: string, control: Control = {}): Promise<Tree> {
    const { security } = this.#session;
    const body = new TreeConnectRequest();
    const path = `\\\\${this.host}\\${share}`;
    body.path = path;
    // At 3.1.1 this request is signed even if nothing else is: it proves the negotiation.
    const options = { session: security, signal: control.signal, sign: this.#agreement.dialect >= Dialect.Smb311 };
    const reply = await abortable(
      this.#engine.call({ command: Command.TreeConnect, body, path }, options),
      control.signal,
    ).catch((error) => {
      throw withHint(error);
    });
    const { shareFlags } = reply.body as TreeConnectResponse;
    const encrypt = (shareFlags & ShareFlags.EncryptData) !== 0;
    if (encrypt && !security.sealer) {
      const hint = "the share demands encryption, and encryption is 'off' here or no cipher was agreed";
      throw new StatusError(NtStatus.AccessDenied, { command: 'TREE_CONNECT', path, hint });
    }
    const caller = new Caller(this.#engine, this.#agreement, security, reply.header.treeId, encrypt, this.#breaks);
    await this.#validate(caller, control);
    return { protocol: new Smb2Tree(caller), encrypted: encrypt || security.encryptionRequired };
  }

  // A tampered NEGOTIATE shows at 3.1.1 in the keys; below, it has to be asked for.
  async #validate(caller: Caller, control: Control): Promise<void> {
    const { dialects } = this.#settings;
    const could3 = dialects.some((dialect) => dialect >= Dialect.Smb300);
    if (this.#validated || this.#agreement.dialect >= Dialect.Smb311 || !could3 || !this.#session.security.signer)
      return;
    this.#validated = true;
    try {
      await validateNegotiation(caller, control);
    } catch (error) {
      if (error instanceof ConnectionLost) this.#link.fail(error);
      throw error;
    }
  }

  async echo(control: Control = {}): Promise<void> {
    const options = { session: this.#session.security, signal: control.signal };
    await abortable(this.#engine.call({ command: Command.Echo, body: new EchoRequest() }, options), control.signal);
  }

  async close(): Promise<void> {
    if (this.#link.lost === undefined) {
      const options = { session: this.#session.security };
      // Politeness only: a server that does not answer loses nothing.
      await this.#engine.call({ command: Command.Logoff, body: new LogoffRequest() }, options).catch(() => undefined);
    }
    this.#link.end();
  }
}

const CAPABILITIES: readonly (readonly [bit: number, name: ServerCapability])[] = [
  [GlobalCap.Dfs, 'dfs'],
  [GlobalCap.Leasing, 'leasing'],
  [GlobalCap.LargeMtu, 'large-mtu'],
  [GlobalCap.MultiChannel, 'multi-channel'],
  [GlobalCap.PersistentHandles, 'persistent-handles'],
  [GlobalCap.DirectoryLeasing, 'directory-leasing'],
  [GlobalCap.Encryption, 'encryption'],
  [GlobalCap.Notifications, 'notifications'],
];

function infoOf(agreement: Agreement, session: EstablishedSession): ConnectionInfo {
  const { security, guest, anonymous } = session;
  const { systemTime, capabilities } = agreement.response;
  const guid = agreement.serverGuid;
  const protectedBySignature = security.signingRequired && security.signer !== undefined;
  return {
    dialect: dialectNames[agreement.dialect] ?? `0x${agreement.dialect.toString(16)}`,
    signingAlgorithm: protectedBySignature ? security.signer?.name : undefined,
    cipher: security.sealer ? cipherNames[agreement.cipher] : undefined,
    signed: protectedBySignature || security.encryptionRequired,
    encrypted: security.encryptionRequired,
    guest,
    anonymous,
    mechanism: session.mechanism,
    serverRequiresSigning: agreement.serverRequiresSigning,
    serverName: session.server?.netbiosName,
    serverGuid: guid,
    server: identityOf(session.server, { guid, systemTime, at: session.beganAt }),
    capabilities: CAPABILITIES.filter(([bit]) => (capabilities & bit) !== 0).map(([, name]) => name),
    compression: [],
    maxRead: agreement.maxRead,
    maxWrite: agreement.maxWrite,
    maxTransact: agreement.maxTransact,
  };
}
