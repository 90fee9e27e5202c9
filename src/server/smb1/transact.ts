import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { NtTransactResponse, type NtTransactSecondaryRequest } from '#wire/smb1/command/nt-transact.js';
import {
  type Transaction2SecondaryRequest,
  type TransactionPiece,
  TransactionResponse,
  type TransactionSecondaryRequest,
} from '#wire/smb1/command/transaction.js';
import { TransactionAssembler } from '#wire/smb1/transaction-assembler.js';
import { Smb1Answer, type Smb1Context } from './context.js';

/** Limit on the parameters, and on the data, of a request. */
const MOST_BYTES = 128 * 1024;
/** Size of a response without its parameters and data, including padding. */
const AROUND = 96;

const decoder = new Decoder();
const encoder = new Encoder();

/** A complete, reassembled request. */
export interface Transaction {
  readonly parameters: Uint8Array;
  readonly data: Uint8Array;
  readonly maxParameterCount: number;
  readonly maxDataCount: number;
}

/** The result of a transaction. */
export interface TransactionResult {
  readonly status?: number;
  readonly parameters?: Uint8Array;
  readonly data?: Uint8Array;
}

type FirstRequest = TransactionPiece & { readonly maxParameterCount: number; readonly maxDataCount: number };
export type Run = (transaction: Transaction, context: Smb1Context) => TransactionResult | Promise<TransactionResult>;

/** Runs a transaction, immediately or once its secondary requests have arrived ([MS-CIFS] 3.3.5.2.5). */
export async function transact(
  request: FirstRequest,
  context: Smb1Context,
  nt: boolean,
  run: Run,
): Promise<Smb1Answer | undefined> {
  const assembler = new TransactionAssembler(request, MOST_BYTES);
  const { maxParameterCount, maxDataCount } = request;
  const whole = async (where: Smb1Context): Promise<Smb1Answer> => {
    const { parameters, data } = assembler;
    const result = await run({ parameters, data, maxParameterCount, maxDataCount }, where);
    return answer(result, nt, where.connection.clientBuffer);
  };
  if (assembler.complete) return whole(context);
  context.connection.transactions.begin(context.request, { assembler, run: whole });
  // The interim response asks for the rest.
  context.request.respond(NtStatus.Success);
  return undefined;
}

/** A secondary request of any kind; only the last one is answered, as if it were the primary. */
export async function secondary(
  request: TransactionSecondaryRequest | Transaction2SecondaryRequest | NtTransactSecondaryRequest,
  context: Smb1Context,
): Promise<Smb1Answer | undefined> {
  const pending = context.connection.transactions.add(context.request, request);
  if (pending) return pending.run(context);
  context.request.drop();
  return undefined;
}

/** Splits a response into messages that fit the client's buffer ([MS-CIFS] 3.3.5.2.5). */
function answer(result: TransactionResult, nt: boolean, clientBuffer: number): Smb1Answer {
  const { status = NtStatus.Success, parameters = EMPTY, data = EMPTY } = result;
  const room = clientBuffer - AROUND;
  const pieces: Wire[] = [];
  let parameterAt = 0;
  let dataAt = 0;
  do {
    const piece = nt ? new NtTransactResponse() : new TransactionResponse();
    piece.totalParameterCount = parameters.length;
    piece.totalDataCount = data.length;
    piece.parameterDisplacement = parameterAt;
    piece.dataDisplacement = dataAt;
    piece.parameters = parameters.subarray(parameterAt, parameterAt + room);
    piece.data = data.subarray(dataAt, dataAt + room - piece.parameters.length);
    parameterAt += piece.parameters.length;
    dataAt += piece.data.length;
    pieces.push(piece);
  } while (parameterAt < parameters.length || dataAt < data.length);
  const [first, ...more] = pieces;
  return Object.assign(new Smb1Answer(first as Wire, status), { more });
}

/** Decodes the parameters or the data of a transaction. */
export function decodeAs<T extends Wire>(body: T, bytes: Uint8Array, unicode: boolean): T {
  decoder.unicode = unicode;
  body.layout(decoder.reset(bytes));
  return body;
}

/** Encodes the parameters or the data of a transaction. */
export function encodeAs(body: Wire, unicode: boolean): Uint8Array {
  encoder.unicode = unicode;
  return encoder.encode(body);
}
