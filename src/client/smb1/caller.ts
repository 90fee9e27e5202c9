import type { Smb1Call, Smb1ClientConnection, Smb1Reply } from '#engine/smb1/client-connection.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { isGmtToken } from '#wire/fscc/gmt-token.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { NtTransactRequest, NtTransactSecondaryRequest } from '#wire/smb1/command/nt-transact.js';
import { Transaction2Request } from '#wire/smb1/command/transaction.js';
import { Smb1Flags2 } from '#wire/smb1/header.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import { abortable } from '../abort.js';
import { withHint } from '../errors.js';
import type { Control } from '../protocol.js';

/** One request; `Smb1Caller` adds session and tree. */
export type TreeCall = Omit<Smb1Call, 'uid' | 'tid'>;

/** A TRANSACTION2 to be made. */
export interface Trans2 {
  readonly subcommand: number;
  readonly parameters: Wire;
  readonly data?: Wire;
  readonly maxParameters: number;
  readonly maxData: number;
  readonly path?: string;
  readonly accept?: readonly number[];
}

/** An NT_TRANSACT to be made. */
export interface NtTransact {
  readonly function: number;
  readonly setup?: Wire;
  readonly parameters?: Wire;
  readonly data?: Uint8Array;
  readonly maxSetup?: number;
  readonly maxParameters: number;
  readonly maxData: number;
  readonly path: string;
  readonly accept?: readonly number[];
  readonly patient?: boolean;
}

/** Room for the headers of a transaction. */
const OVERHEAD = 128;

const encoder = new Encoder();
const decoder = new Decoder();

/** Makes requests on one tree connect of an SMB1 session. */
export class Smb1Caller {
  /** Largest message that the server accepts. */
  readonly maxBuffer: number;
  readonly largeReads: boolean;
  readonly largeWrites: boolean;
  readonly #engine: Smb1ClientConnection;
  readonly #uid: number;
  readonly #tid: number;

  constructor(
    engine: Smb1ClientConnection,
    ids: { readonly uid: number; readonly tid: number },
    limits: { readonly maxBuffer: number; readonly largeReads: boolean; readonly largeWrites: boolean },
  ) {
    this.#engine = engine;
    this.#uid = ids.uid;
    this.#tid = ids.tid;
    this.maxBuffer = limits.maxBuffer;
    this.largeReads = limits.largeReads;
    this.largeWrites = limits.largeWrites;
  }

  get requestsAtOnce(): number {
    return this.#engine.maxMpx;
  }

  /** Sends a request. `late` receives a response that arrives after an abort. */
  async call(call: TreeCall, control: Control = {}, late?: (reply: Smb1Reply) => void): Promise<Smb1Reply> {
    const { signal } = control;
    const ids = { uid: this.#uid, tid: this.#tid };
    // [MS-SMB] 2.2.3.1: the path refers to a snapshot.
    const former = call.path?.split('\\').some(isGmtToken) ? { flags2: Smb1Flags2.ReparsePath } : {};
    const sent = this.#engine.call({ ...call, ...ids, ...former }, signal);
    try {
      return await abortable(sent, signal, late);
    } catch (error) {
      throw withHint(error);
    }
  }

  /** Sends a TRANSACTION2. */
  trans2(request: Trans2, control: Control = {}): Promise<Smb1Reply> {
    const body = new Transaction2Request();
    body.setup = [request.subcommand];
    body.parameters = this.packed(request.parameters);
    if (request.data) body.data = this.packed(request.data);
    body.maxParameterCount = request.maxParameters;
    body.maxDataCount = Math.min(request.maxData, 0xffff);
    const { path, accept } = request;
    return this.call({ command: Smb1Command.Transaction2, body, path, ...(accept ? { accept } : {}) }, control);
  }

  /** Sends an NT_TRANSACT, in several messages if it exceeds the server's buffer ([MS-CIFS] 3.2.4.1.5). */
  ntTransact(request: NtTransact, control: Control = {}, late?: (reply: Smb1Reply) => void): Promise<Smb1Reply> {
    const { path, accept, patient, data = EMPTY } = request;
    const body = new NtTransactRequest();
    body.function = request.function;
    if (request.setup) body.setup = this.packed(request.setup);
    if (request.parameters) body.parameters = this.packed(request.parameters);
    body.maxSetupCount = request.maxSetup ?? 0;
    body.maxParameterCount = request.maxParameters;
    body.maxDataCount = request.maxData;
    body.totalDataCount = data.length;
    const room = Math.max(512, this.maxBuffer - OVERHEAD);
    body.data = data.subarray(0, room - body.parameters.length);
    const secondaries: { command: number; body: Wire }[] = [];
    for (let at = body.data.length; at < data.length; at += room) {
      const piece = new NtTransactSecondaryRequest();
      piece.totalParameterCount = piece.parameterDisplacement = body.parameters.length;
      piece.totalDataCount = data.length;
      piece.dataDisplacement = at;
      piece.data = data.subarray(at, at + room);
      secondaries.push({ command: Smb1Command.NtTransactSecondary, body: piece });
    }
    const more = { ...(secondaries.length > 0 && { secondaries }), ...(patient && { patient }) };
    const call = { command: Smb1Command.NtTransact, body, path, ...more, ...(accept ? { accept } : {}) };
    return this.call(call, control, late);
  }

  /** Encodes a structure, with the connection's string encoding. */
  packed(structure: Wire): Uint8Array {
    encoder.unicode = this.#unicode;
    return encoder.encode(structure);
  }

  /** Decodes a structure that is embedded in a message. */
  unpacked<T extends Wire>(structure: T, bytes: Uint8Array): T {
    decoder.unicode = this.#unicode;
    structure.layout(decoder.reset(bytes));
    decoder.release();
    return structure;
  }

  get #unicode(): boolean {
    return (this.#engine.flags2 & Smb1Flags2.Unicode) !== 0;
  }
}

/** The path in SMB1 form: from the root, with a leading backslash. */
export function rooted(path: string): string {
  return `\\${path}`;
}

/** Like `rooted`, for commands that accept wildcards; throws if there are any, as a single file is meant. */
export function single(path: string): string {
  if (/[*?<>"]/.test(path)) throw new StatusError(NtStatus.ObjectNameInvalid, { path });
  return rooted(path);
}
