import { Dissector, type Field } from '../io/dissector.js';
import type { Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { NT_TRANSACT_NAMES, NtTransactRequest, NtTransactResponse } from './command/nt-transact.js';
import {
  TRANS_SUBCOMMAND_NAMES,
  Transaction2Request,
  TransactionPiece,
  TransactionRequest,
  TransactionResponse,
} from './command/transaction.js';
import type { Smb1Header } from './header.js';
import { type Block, readMessage, Smb1Message } from './message.js';
import { commandName } from './smb1-command.js';
import { NT_TRANSACT_ROWS, requestData, responseData, type SubcommandRow, TRANS2_ROWS } from './subcommands.js';
import { TRANS2_SUBCOMMAND_NAMES } from './trans2/trans2-subcommand.js';

export interface Smb1DissectedBlock {
  readonly command: number;
  readonly name: string;
  readonly body: Wire;
  readonly fields: readonly Field[];
}

export interface Smb1Dissection {
  /** Names of the commands and of a transaction's subcommand: `SMB_COM_TRANSACTION2 TRANS2_FIND_FIRST2`. */
  readonly name: string;
  readonly direction: 'request' | 'response';
  readonly header: Smb1Header;
  readonly blocks: readonly Smb1DissectedBlock[];
  /** The whole frame: the header, then each block. */
  readonly fields: readonly Field[];
  readonly malformed: Malformed | undefined;
}

/** The parts of a transaction's request that are needed to dissect its response. */
interface Asked {
  readonly row: SubcommandRow | undefined;
  readonly name: string | undefined;
  readonly parameters: Wire | undefined;
}

/** The subcommand of a transaction request; undefined for other requests. */
function subcommandOf(body: Wire | undefined): Omit<Asked, 'parameters'> | undefined {
  if (body instanceof Transaction2Request) {
    const code = body.setup[0] ?? -1;
    return { row: TRANS2_ROWS[code], name: TRANS2_SUBCOMMAND_NAMES[code] };
  }
  if (body instanceof NtTransactRequest) {
    return { row: NT_TRANSACT_ROWS[body.function], name: NT_TRANSACT_NAMES[body.function] };
  }
  if (body instanceof TransactionRequest) {
    return { row: undefined, name: TRANS_SUBCOMMAND_NAMES[body.setup[0] ?? -1] };
  }
  return undefined;
}

/** Dissects the parts of a transaction that the command's own layout leaves as bytes. */
class Parts {
  readonly fields: Field[] = [];
  readonly #frame: Uint8Array;
  readonly #unicode: boolean;

  constructor(frame: Uint8Array, unicode: boolean) {
    this.#frame = frame;
    this.#unicode = unicode;
  }

  /** `bytes` is a view of the frame. */
  read<T extends Wire>(name: string, bytes: Uint8Array, structure: T | undefined): T | undefined {
    if (!structure || bytes.length === 0) return undefined;
    const from = bytes.byteOffset - this.#frame.byteOffset;
    const io = new Dissector().reset(this.#frame, from, from + bytes.length);
    io.unicode = this.#unicode;
    try {
      io.struct(name, structure);
      return structure;
    } finally {
      this.fields.push(...io.fields);
    }
  }
}

function readRequest(parts: Parts, body: TransactionPiece, setup: Uint8Array | undefined): Asked | undefined {
  const found = subcommandOf(body);
  if (!found) return undefined;
  const { row } = found;
  if (setup && row?.setup) parts.read('Setup', setup, new row.setup());
  const parameters = parts.read('Parameters', body.parameters, row?.request && new row.request());
  if (row) parts.read('Data', body.data, requestData(row, parameters));
  return { ...found, parameters };
}

/** The parameters of the request that a response answers, without its fields. */
function askedBy(related: Smb1Message | undefined): Asked | undefined {
  const body = related?.blocks[0]?.body;
  const found = subcommandOf(body);
  if (!(found && related && body instanceof TransactionPiece)) return undefined;
  try {
    const parts = new Parts(body.parameters, related.header.isUnicode);
    return {
      ...found,
      parameters: parts.read('Parameters', body.parameters, found.row?.request && new found.row.request()),
    };
  } catch (error) {
    if (error instanceof Malformed) return { ...found, parameters: undefined };
    throw error;
  }
}

function readResponse(parts: Parts, body: TransactionPiece, asked: Asked | undefined): void {
  // A piece of a longer response cannot be dissected by itself.
  const whole = body.parameters.length === body.totalParameterCount && body.data.length === body.totalDataCount;
  if (!(asked?.row && whole)) return;
  const { row } = asked;
  const answered = parts.read('Parameters', body.parameters, row.response && new row.response());
  parts.read('Data', body.data, responseData(row, asked.parameters, answered));
}

/**
 * Dissects a frame, without the transport's header. `related` is the request of a response, as a transaction's response
 * does not say what it contains.
 */
export function dissectSmb1(frame: Uint8Array, related?: Smb1Message): Smb1Dissection {
  const io = new Dissector().reset(frame);
  const message = new Smb1Message();
  const { header } = message;
  let malformed: Malformed | undefined;
  let asked: Asked | undefined;
  let parts: Parts | undefined;
  try {
    readMessage(io, message);
    const body = message.blocks[0]?.body;
    if (body instanceof TransactionPiece) {
      parts = new Parts(frame, header.isUnicode);
      if (body instanceof TransactionResponse || body instanceof NtTransactResponse) {
        asked = askedBy(related);
        readResponse(parts, body, asked);
      } else {
        asked = readRequest(parts, body, body instanceof NtTransactRequest ? body.setup : undefined);
      }
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    malformed = error;
  }
  const fields = withParts(io.fields, parts?.fields ?? []);
  return {
    name: asked?.name ? `${message.name} ${asked.name}` : message.name,
    direction: header.isReply ? 'response' : 'request',
    header,
    blocks: message.blocks.map((block, index) => dissected(block, fields[index + 1])),
    fields,
    malformed,
  };
}

function dissected({ command, body }: Block, group: Field | undefined): Smb1DissectedBlock {
  return { command, name: commandName(command), body, fields: group?.children ?? [] };
}

/** Inserts the parts of a transaction into the tree, each below the field that holds its bytes. */
function withParts(fields: readonly Field[], parts: readonly Field[]): readonly Field[] {
  if (parts.length === 0) return fields;
  return fields.map((field) => {
    const part = parts.find((candidate) => candidate.name === field.name && candidate.at === field.at);
    if (part?.children) return { ...field, children: part.children };
    return field.children ? { ...field, children: withParts(field.children, parts) } : field;
  });
}
