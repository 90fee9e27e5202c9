import { type ConnectionFacts, type FrameEvent, frames } from '#tap/events.js';
import {
  type DissectedMessage,
  type Dissection,
  dissect,
  dissectMessages,
  findField,
  findFields,
} from '#wire/dissect.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Field } from '#wire/io/dissector.js';
import { type Facts, factsOf } from './facts.js';
import { frameTitle, stepOf } from './steps.js';

/** One message of a packet, explained. */
export interface ViewedMessage {
  readonly protocol: DissectedMessage['protocol'] | 'NBSS';
  readonly name: string;
  readonly kind: 'request' | 'response' | undefined;
  /** Its step number in the basic packet exchange (see `stepOf`); undefined for other messages. */
  readonly step: number | undefined;
  /** NT status by name; undefined for requests. */
  readonly status: string | undefined;
  /** The status is an error. */
  readonly refused: boolean;
  /** Milliseconds since the request, if this is a response and its request was seen. */
  readonly latencyMs: number | undefined;
  readonly facts: Facts;
  readonly fields: readonly Field[];
  readonly malformed: string | undefined;
}

/** One frame of a connection. */
export interface Packet {
  /** Counts from 1. */
  readonly number: number;
  /** Number of the connection, counted from 1. */
  readonly connection: number;
  /** Milliseconds since the first packet. */
  readonly timeMs: number;
  readonly from: 'client' | 'server';
  /** Bytes on the wire, including the frame header. */
  readonly bytes: number;
  readonly encrypted: boolean;
  readonly frame: Uint8Array;
  /** Plaintext of an encrypted frame; positions of its messages' fields then refer to it. */
  readonly plain: Uint8Array | undefined;
  /** The frame header, and the wrapper of an encrypted frame; positions count from the start of `frame`. */
  readonly frameFields: readonly Field[];
  readonly messages: readonly ViewedMessage[];
  readonly malformed: string | undefined;
}

/** A connection whose packets were recorded. */
export interface ViewedConnection {
  readonly number: number;
  readonly client: string;
  readonly server: string;
  readonly framing: 'direct' | 'netbios';
  /** As negotiated, `NT LM 0.12` or `3.1.1`; undefined until then. */
  readonly dialect: string | undefined;
}

interface Pending {
  readonly time: number;
  readonly frame: Uint8Array;
}

/** State from earlier packets of a connection. */
class ConnectionState {
  readonly number: number;
  readonly facts: ConnectionFacts;
  readonly pending = new Map<string, Pending>();
  revision = 0;
  dialect: string | undefined;
  dialects: readonly string[] = [];
  /** Time of the session request, which has no id. */
  asked: number | undefined;

  constructor(number: number, facts: ConnectionFacts) {
    this.number = number;
    this.facts = facts;
  }
}

export interface RecorderOptions {
  /** Which role to record: a process with both client and server reports each frame twice. Default: both. */
  readonly role?: 'client' | 'server';
  /** Packets kept; further ones only go to `onPacket`. Default 100 000. */
  readonly limit?: number;
  readonly onPacket?: (packet: Packet) => void;
}

const DEFAULT_LIMIT = 100_000;
/** Limit of pending requests per connection, so that a peer that never answers cannot fill the memory. */
const MAX_PENDING = 8192;

/** Turns tap events into readable packets: pairs responses with requests and follows the negotiation. */
export class Recorder {
  readonly packets: Packet[] = [];
  readonly #options: RecorderOptions;
  readonly #connections = new Map<number, ConnectionState>();
  #count = 0;
  #start: number | undefined;
  #stop: (() => void) | undefined;

  constructor(options: RecorderOptions = {}) {
    this.#options = options;
  }

  /** Starts listening to all connections of this process. */
  start(): this {
    this.#stop ??= frames.subscribe((event) => {
      const { role } = this.#options;
      if (role === undefined || event.connection.role === role) this.add(event);
    });
    return this;
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  get connections(): ViewedConnection[] {
    return Array.from(this.#connections.values(), ({ number, facts, dialect }) => {
      const [client, server] = facts.role === 'client' ? [facts.local, facts.remote] : [facts.remote, facts.local];
      return { number, client, server, framing: facts.framing, dialect };
    });
  }

  /** Takes one frame. */
  add(event: FrameEvent): Packet {
    this.#start ??= event.time;
    const state = this.#stateOf(event.connection);
    const from = (event.direction === 'sent') === (event.connection.role === 'client') ? 'client' : 'server';
    const head = dissect(event.frame, { framing: event.connection.framing, dialect: state.revision });
    const content = contentOf(event, head, state);
    this.#count++;
    const packet: Packet = {
      number: this.#count,
      connection: state.number,
      timeMs: event.time - this.#start,
      from,
      bytes: event.frame.length,
      encrypted: isEncrypted(head),
      frame: event.frame,
      plain: event.plain,
      frameFields: event.plain ? [...head.fields, ...head.messages.flatMap(({ fields }) => fields)] : head.fields,
      messages:
        content.length > 0 ? content.map((message) => view(message, event, state)) : [service(head, event, state)],
      malformed: head.malformed,
    };
    if (this.packets.length < (this.#options.limit ?? DEFAULT_LIMIT)) this.packets.push(packet);
    this.#options.onPacket?.(packet);
    return packet;
  }

  #stateOf(facts: ConnectionFacts): ConnectionState {
    let state = this.#connections.get(facts.id);
    if (!state) {
      state = new ConnectionState(this.#connections.size + 1, facts);
      this.#connections.set(facts.id, state);
    }
    return state;
  }
}

const isEncrypted = (head: Dissection): boolean => head.messages[0]?.name === 'TRANSFORM';

/** The messages of a frame; an SMB1 response is dissected with the help of its request. */
function contentOf(event: FrameEvent, head: Dissection, state: ConnectionState): readonly DissectedMessage[] {
  if (event.plain) return dissectMessages(event.plain, { dialect: state.revision });
  const [first] = head.messages;
  if (first?.protocol !== 'SMB1' || first.direction !== 'response') return head.messages;
  const request = state.pending.get(keyOf(first))?.frame;
  return request ? dissect(event.frame, { framing: event.connection.framing, request }).messages : head.messages;
}

function view(message: DissectedMessage, event: FrameEvent, state: ConnectionState): ViewedMessage {
  const { protocol, name, direction, header, fields, malformed } = message;
  const latencyMs = direction === 'response' ? answer(message, event, state) : undefined;
  if (direction === 'request') ask(message, event, state);
  const facts = factsOf(message, { dialects: state.dialects });
  learn(message, facts, state);
  return {
    protocol,
    name: protocol === 'SMB2' ? `SMB2 ${name}` : name,
    kind: direction,
    step: stepOf(name, direction),
    status: header?.statusName,
    refused: isRefusal(header?.status),
    latencyMs,
    facts,
    fields,
    malformed,
  };
}

/** Whether a status is a refusal: neither success, nor a warning, nor an intermediate status. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >>> 30 === 3 && status !== NtStatus.MoreProcessingRequired;
}

/** A packet of the NetBIOS session service. */
function service(head: Dissection, event: FrameEvent, state: ConnectionState): ViewedMessage {
  const { title, facts, kind, refused } = frameTitle(head);
  let latencyMs: number | undefined;
  if (kind === 'request') state.asked = event.time;
  else if (kind === 'response' && state.asked !== undefined) latencyMs = event.time - state.asked;
  return {
    protocol: 'NBSS',
    name: title,
    kind,
    step: undefined,
    status: undefined,
    refused,
    latencyMs,
    facts,
    fields: head.fields,
    malformed: head.malformed,
  };
}

const keyOf = ({ protocol, header }: DissectedMessage): string => `${protocol} ${header?.messageId}`;

function ask(message: DissectedMessage, event: FrameEvent, state: ConnectionState): void {
  const { name, header } = message;
  if (header === undefined || header.messageId === -1 || name === 'CANCEL' || name === 'SMB_COM_NT_CANCEL') return;
  if (state.pending.size < MAX_PENDING) state.pending.set(keyOf(message), { time: event.time, frame: event.frame });
}

/** The time since the request. An interim response leaves the request pending. */
function answer(message: DissectedMessage, event: FrameEvent, state: ConnectionState): number | undefined {
  const key = keyOf(message);
  const request = state.pending.get(key);
  if (request && message.header?.status !== NtStatus.Pending) state.pending.delete(key);
  return request && event.time - request.time;
}

function learn(message: DissectedMessage, facts: Facts, state: ConnectionState): void {
  const { name, direction, fields } = message;
  if (name === 'SMB_COM_NEGOTIATE' && direction === 'request') {
    state.dialects = findFields(fields, 'DialectString').map(({ text }) => text);
  }
  if (direction !== 'response' || !/^(?:SMB_COM_)?NEGOTIATE$/.test(name)) return;
  if (typeof facts.dialect === 'string') state.dialect = facts.dialect;
  const revision = findField(fields, 'DialectRevision')?.value;
  if (typeof revision === 'number') state.revision = revision;
}
