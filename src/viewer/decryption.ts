import { CapturedLogon } from '#auth/captured-logon.js';
import { deriveKeys } from '#crypto/kdf.js';
import { PreauthHash } from '#crypto/preauth-hash.js';
import { Cipher, Opener, SealBroken, sealedSessionId } from '#crypto/sealing.js';
import type { FrameEvent } from '#tap/events.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { GlobalCap, NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { SessionSetupRequest, SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, SMB2_PROTOCOL_ID, Smb2Header } from '#wire/smb2/header.js';
import { EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { TRANSFORM_LENGTH, TRANSFORM_PROTOCOL_ID } from '#wire/smb2/transform.js';

const FRAME_HEADER = 4;
const KEY_SIZE = 16;

/** A logon in progress, with the hash of its messages ([MS-SMB2] 3.2.5.3). */
interface Setup {
  readonly hash: PreauthHash;
  readonly logon: CapturedLogon;
}

/** What a connection negotiated, and the logons on it. */
class Conversation {
  hash: PreauthHash = new PreauthHash();
  dialect = 0;
  cipher = 0;
  /** Logons by the message id of the pending request (`asked`), then by session id (`setups`). */
  readonly asked = new Map<number, Setup>();
  readonly setups = new Map<bigint, Setup>();
}

interface Openers {
  readonly client: Opener;
  readonly server: Opener;
}

/** Decrypts the frames of a capture, given the password of the users who logged on in it. */
export class Decryption {
  /** Accounts that logged on with a different password. */
  readonly strangers: Set<string> = new Set();
  readonly #password: string;
  readonly #conversations = new Map<number, Conversation>();
  readonly #sessions = new Map<string, Openers>();

  constructor(password: string) {
    this.#password = password;
  }

  /** The frame, with its plaintext if the key is known. Call it for frames in the order of the capture. */
  open(event: FrameEvent): FrameEvent {
    const message = event.frame.subarray(FRAME_HEADER);
    try {
      const id = protocolOf(message);
      if (id === TRANSFORM_PROTOCOL_ID) return this.#unseal(event, message);
      if (id === SMB2_PROTOCOL_ID) this.#learn(event, message);
    } catch (error) {
      // Show the frame as it is; the dissector reports what is wrong with it.
      if (!(error instanceof Malformed || error instanceof SealBroken)) throw error;
    }
    return event;
  }

  #unseal(event: FrameEvent, message: Uint8Array): FrameEvent {
    if (message.length <= TRANSFORM_LENGTH) return event;
    const openers = this.#sessions.get(nameOf(event, sealedSessionId(message)));
    if (!openers) return event;
    const plain = openers[isFromClient(event) ? 'client' : 'server'].open(message.slice());
    return { ...event, plain };
  }

  #learn(event: FrameEvent, message: Uint8Array): void {
    const header = new Smb2Header();
    header.layout(new Decoder().reset(message));
    const conversation = this.#conversationOf(event);
    if (header.command === Command.Negotiate) negotiated(conversation, header, message);
    if (header.command !== Command.SessionSetup) return;
    if (header.isResponse) this.#answered(event, conversation, header, message);
    else this.#asked(conversation, header, message);
  }

  #conversationOf({ connection }: FrameEvent): Conversation {
    const known = this.#conversations.get(connection.id) ?? new Conversation();
    this.#conversations.set(connection.id, known);
    return known;
  }

  #asked(conversation: Conversation, { sessionId, messageId }: Smb2Header, message: Uint8Array): void {
    const { hash, setups, asked } = conversation;
    // Setups on an existing session (another channel, reauthentication) leave its keys unchanged.
    if (sessionId !== 0n && !setups.has(sessionId)) return;
    const setup = setups.get(sessionId) ?? { hash: hash.fork(), logon: new CapturedLogon(this.#password) };
    asked.set(messageId, setup);
    setup.hash.update(message);
    setup.logon.take(read(new SessionSetupRequest(), message).securityBuffer);
  }

  #answered(event: FrameEvent, conversation: Conversation, header: Smb2Header, message: Uint8Array): void {
    const { asked, setups } = conversation;
    const setup = asked.get(header.messageId);
    asked.delete(header.messageId);
    setups.delete(header.sessionId);
    if (!setup) return;
    if (header.status === NtStatus.MoreProcessingRequired) {
      setups.set(header.sessionId, setup);
      setup.hash.update(message);
      setup.logon.take(read(new SessionSetupResponse(), message).securityBuffer);
    } else if (header.status === NtStatus.Success) this.#established(event, conversation, header.sessionId, setup);
  }

  #established(event: FrameEvent, conversation: Conversation, session: bigint, { hash, logon }: Setup): void {
    const { dialect, cipher } = conversation;
    const { sessionKey, account } = logon;
    this.#sessions.delete(nameOf(event, session));
    if (sessionKey === undefined) {
      if (account) this.strangers.add(account);
      return;
    }
    if (cipher === 0) return;
    const narrow = new Uint8Array(KEY_SIZE);
    narrow.set(sessionKey.subarray(0, KEY_SIZE));
    const from = { dialect, cipher, sessionKey: narrow, fullSessionKey: sessionKey, preauthHash: hash.value };
    const { c2s, s2c } = deriveKeys(from);
    const openers = { client: new Opener(cipher, c2s), server: new Opener(cipher, s2c) };
    this.#sessions.set(nameOf(event, session), openers);
  }
}

function negotiated(conversation: Conversation, header: Smb2Header, message: Uint8Array): void {
  if (!header.isResponse) {
    conversation.hash = new PreauthHash().update(message);
    return;
  }
  conversation.hash.update(message);
  const response = read(new NegotiateResponse(), message);
  conversation.dialect = response.dialectRevision;
  conversation.cipher = cipherOf(response);
}

function cipherOf({ dialectRevision, capabilities, negotiateContexts }: NegotiateResponse): number {
  if (dialectRevision !== Dialect.Smb311) {
    return dialectRevision >= Dialect.Smb300 && (capabilities & GlobalCap.Encryption) !== 0 ? Cipher.Aes128Ccm : 0;
  }
  const [agreed] = negotiateContexts.flatMap(({ data }) =>
    data instanceof EncryptionCapabilities ? data.ciphers : [],
  );
  return agreed !== undefined && agreed <= Cipher.Aes256Gcm ? agreed : 0;
}

function read<T extends Wire>(body: T, message: Uint8Array): T {
  const decoder = new Decoder().reset(message);
  new Smb2Header().layout(decoder);
  body.layout(decoder);
  return body;
}

function protocolOf(message: Uint8Array): number {
  return message.length < 4 ? 0 : new DataView(message.buffer, message.byteOffset, 4).getUint32(0, true);
}

const isFromClient = ({ connection, direction }: FrameEvent): boolean =>
  (direction === 'sent') === (connection.role === 'client');

/** A session may have several connections, but only to one server. */
function nameOf({ connection: { role, local, remote } }: FrameEvent, session: bigint): string {
  return `${role === 'client' ? remote : local} ${session}`;
}
