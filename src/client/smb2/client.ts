import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { NetworkInterfaceInfo } from '#wire/fscc/fsctl/network-interface-info.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { LogoffRequest } from '#wire/smb2/command/logoff.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import {
  ShareCap,
  ShareFlags,
  ShareType,
  TreeConnectFlags,
  TreeConnectRequest,
  type TreeConnectResponse,
} from '#wire/smb2/command/tree-connect.js';
import { Dialect, dialectNames } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { cipherNames } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { abortable } from '../abort.js';
import { type ConnectionInfo, identityOf, type ServerCapability } from '../connection-info.js';
import { hinted, withHint } from '../errors.js';
import type { Settings } from '../options.js';
import type { ClientConnection, Control, Legacy, Tree } from '../protocol.js';
import type { ShareFacts } from '../share-facts.js';
import { Caller } from './caller.js';
import type { Channels } from './channels.js';
import type { Line } from './line.js';
import type { Channel, Smb2Session } from './session.js';
import { Smb2Tree } from './tree.js';

/** A session over one or several connections. */
export class Smb2Client implements ClientConnection {
  readonly info: ConnectionInfo;
  readonly host: string;
  readonly session: Smb2Session;
  readonly port: number;
  /** Its additional connections, if any. */
  channels: Channels | undefined;
  readonly #settings: Settings;
  readonly #release: (line: Line) => void;
  #closing: Promise<void> | undefined;

  /** `release` is called for each connection that the session no longer needs. */
  constructor(settings: Settings, session: Smb2Session, release: (line: Line) => void) {
    this.session = session;
    this.#settings = settings;
    this.#release = release;
    this.host = settings.host;
    this.port = settings.port;
    this.info = infoOf(session);
    session.onDrop = (line) => {
      release(line);
      this.channels?.dropped(line);
    };
  }

  get lost(): unknown {
    return this.session.lost;
  }

  get legacy(): Legacy {
    const { id: sessionId, channelSequence } = this.session;
    return { sessionId, channelSequence };
  }

  whenLost(listener: () => void): void {
    this.session.whenLost(listener);
  }

  /** [MS-SMB2] 3.2.4.2.4, 3.2.5.5. */
  async tree(share: string, control: Control = {}): Promise<Tree> {
    const { signal } = control;
    const { dialect } = this.session.agreement;
    const body = new TreeConnectRequest();
    const path = `\\\\${this.host}\\${share}`;
    body.path = path;
    if (dialect >= Dialect.Smb311) body.flags = TreeConnectFlags.RedirectToOwner;
    const connect = (): Promise<Smb2Reply> => {
      const { line, security } = this.session.pick();
      // In 3.1.1 this request is always signed, which proves the negotiation.
      const options = { session: security, signal, sign: dialect >= Dialect.Smb311 };
      return abortable(line.engine.call({ command: Command.TreeConnect, body, path }, options), signal);
    };
    const reply = await this.session.proven(signal, connect).catch((error) => {
      throw this.#refused(error);
    });
    const answer = reply.body as TreeConnectResponse;
    const facts = factsOf(answer);
    const encrypt = (answer.shareFlags & ShareFlags.EncryptData) !== 0;
    const channel = this.session.channels[0] as Channel;
    const { security } = channel;
    if (encrypt && !security.sealer) {
      const hint = "the share demands encryption, and encryption is 'off' here or no cipher was agreed";
      throw new StatusError(NtStatus.AccessDenied, { command: 'TREE_CONNECT', path, hint });
    }
    const caller = new Caller(
      this.session,
      reply.header.treeId,
      encrypt,
      facts.dfs && this.#settings.dfs ? path.slice(2) : undefined,
    );
    const protocol = new Smb2Tree(caller);
    if (this.#isDoubtful(channel)) await this.#validate(channel, protocol, control);
    return { protocol, encrypted: encrypt || security.encryptionRequired, facts };
  }

  /** STATUS_ACCESS_DENIED for a share has no explanation; missing protection may be the reason. */
  #refused(error: unknown): unknown {
    if (!(error instanceof StatusError) || error.status !== NtStatus.AccessDenied) return withHint(error);
    const { dialect, guest, anonymous, signed, encrypted } = this.info;
    if (guest || anonymous) return hinted(error, `${guest ? 'guests' : 'anonymous users'} may not use this share`);
    const lacks = [
      ...(signed ? [] : ['signing, which is turned down here']),
      ...(encrypted || this.session.security.sealer
        ? []
        : [`encryption, which is 'off' here or not known to SMB ${dialect}`]),
    ];
    if (lacks.length === 0) return withHint(error);
    return hinted(error, `the account has no rights to this share, or the server requires ${lacks.join(', or ')}`);
  }

  /** [MS-SMB2] 3.2.4.20.3. */
  async referral(path: string, control: Control = {}): Promise<GetDfsReferralResponse | undefined> {
    if (!this.info.capabilities.includes('dfs')) return undefined;
    const { protocol } = await this.tree('IPC$', control);
    try {
      return await (protocol as Smb2Tree).referral(path, control);
    } finally {
      // If it fails, the connection is gone, and the tree with it.
      protocol.disconnect().catch(() => undefined);
    }
  }

  /** Network interfaces of the server; empty if it reports none. */
  async interfaces(control: Control = {}): Promise<NetworkInterfaceInfo[]> {
    const { protocol } = await this.tree('IPC$', control);
    try {
      return await (protocol as Smb2Tree).interfaces(control);
    } finally {
      protocol.disconnect().catch(() => undefined);
    }
  }

  /** Each connection negotiates separately ([MS-SMB2] 3.2.5.5), so this validates that of a channel about to join. */
  async confirm(channel: Channel, control: Control = {}): Promise<void> {
    if (!this.#isDoubtful(channel)) return;
    const { protocol } = await this.tree('IPC$', control);
    try {
      await this.#validate(channel, protocol as Smb2Tree, control);
    } finally {
      protocol.disconnect().catch(() => undefined);
    }
  }

  // Tampering with NEGOTIATE breaks the keys in 3.1.1; in older dialects, a request has to detect it.
  #isDoubtful({ line: { validated, agreement }, security }: Channel): boolean {
    const could3 = this.#settings.dialects.some((dialect) => dialect >= Dialect.Smb300);
    return !validated && agreement.dialect < Dialect.Smb311 && could3 && security.signer !== undefined;
  }

  async #validate(channel: Channel, tree: Smb2Tree, control: Control): Promise<void> {
    const { line } = channel;
    line.validated = true;
    try {
      await tree.validate(channel, control);
    } catch (error) {
      if (error instanceof ConnectionLost) line.link.fail(error);
      throw error;
    }
  }

  async echo({ signal }: Control = {}): Promise<void> {
    const { line, security } = this.session.pick();
    const call = { command: Command.Echo, body: new EchoRequest() };
    await abortable(line.engine.call(call, { session: security, signal }), signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.channels?.end();
    const { channels } = this.session;
    const { line, security } = channels[0] as Channel;
    if (line.lost === undefined) {
      // Just a courtesy: it does not matter whether the server answers.
      const call = { command: Command.Logoff, body: new LogoffRequest() };
      await line.engine.call(call, { session: security }).catch(() => undefined);
    }
    this.session.onDrop = undefined;
    for (const channel of channels) {
      channel.line.engine.sessions.delete(security.id);
      this.#release(channel.line);
    }
  }
}

const KINDS: Readonly<Record<number, ShareFacts['kind']>> = { [ShareType.Pipe]: 'pipe', [ShareType.Print]: 'printer' };

function factsOf({ shareType, shareFlags, capabilities }: TreeConnectResponse): ShareFacts {
  const can = (bit: number): boolean => (capabilities & bit) !== 0;
  return {
    kind: KINDS[shareType] ?? 'disk',
    dfs: can(ShareCap.Dfs),
    continuousAvailability: can(ShareCap.ContinuousAvailability),
    scaleOut: can(ShareCap.Scaleout),
    cluster: can(ShareCap.Cluster),
    accessBasedEnumeration: (shareFlags & ShareFlags.AccessBasedDirectoryEnum) !== 0,
  };
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

function infoOf({ agreement, channels, security, logon }: Smb2Session): ConnectionInfo {
  const { guest, anonymous } = logon;
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
    mechanism: logon.mechanism,
    serverRequiresSigning: agreement.serverRequiresSigning,
    serverName: logon.server?.netbiosName,
    serverGuid: guid,
    server: identityOf(logon.server, { guid, systemTime, at: (channels[0] as Channel).line.agreedAt }),
    capabilities: CAPABILITIES.filter(([bit]) => (capabilities & bit) !== 0).map(([, name]) => name),
    compression: [],
    maxRead: agreement.maxRead,
    maxWrite: agreement.maxWrite,
    maxTransact: agreement.maxTransact,
  };
}
