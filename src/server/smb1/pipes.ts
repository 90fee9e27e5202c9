import type { Patience } from '#coord/patience.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { TransSubcommand } from '#wire/smb1/command/transaction.js';
import { NmpipePeek, NmpipeState, PipeStatus } from '#wire/smb1/trans/nmpipe.js';
import { close } from '../action/close.js';
import { isPipe, openPipe } from '../rpc/open-pipe.js';
import type { PipeData } from '../rpc/pipe.js';
import { type PipeOpen, requireAccess } from '../state/open.js';
import type { Smb1Context } from './context.js';
import { decodeAs, encodeAs, type Run, type Transaction, type TransactionResult } from './transact.js';

/** Lets a request wait as one of the held ones, until CANCEL or the loss of the connection. */
export function patienceOf({ connection, request }: Smb1Context): Patience {
  return {
    signal: request.signal,
    waits: () => {
      if (!connection.engine.hold(request)) request.cancel();
    },
  };
}

/** An operation on an open pipe. */
type OnPipe = (open: PipeOpen, ...of: Parameters<Run>) => ReturnType<Run>;

function result({ data, more }: PipeData): TransactionResult {
  return { status: more ? NtStatus.BufferOverflow : NtStatus.Success, data };
}

/** [MS-CIFS] 2.2.5.6: writes a message and returns the one that answers it. */
async function transactNmpipe(
  open: PipeOpen,
  { data, maxDataCount }: Transaction,
  where: Smb1Context,
): Promise<TransactionResult> {
  requireAccess(open, FileAccess.ReadData);
  requireAccess(open, FileAccess.WriteData);
  return result(await open.pipe.transceive(data, maxDataCount, patienceOf(where)));
}

/** [MS-CIFS] 2.2.5.5. */
function peekNmpipe(open: PipeOpen, { maxDataCount }: Transaction): TransactionResult {
  requireAccess(open, FileAccess.ReadData);
  const view = open.pipe.peek(maxDataCount);
  const peek = new NmpipePeek();
  peek.readDataAvailable = Math.min(view.available, 0xffff);
  peek.messageBytesLength = Math.min(view.messageLength, 0xffff);
  const status = view.data.length < view.messageLength ? NtStatus.BufferOverflow : NtStatus.Success;
  return { status, parameters: encodeAs(peek, false), data: view.data };
}

/** [MS-CIFS] 2.2.5.1: only the read mode can be changed; our pipes never block on writes. */
function setNmpipeState(open: PipeOpen, { parameters }: Transaction): TransactionResult {
  const { state } = decodeAs(new NmpipeState(), parameters, false);
  open.pipe.messageMode = (state & PipeStatus.ReadMode) !== 0;
  return {};
}

/** [MS-CIFS] 2.2.5.3. */
function queryNmpipeState(open: PipeOpen): TransactionResult {
  const state = Object.assign(new NmpipeState(), { state: PipeStatus.ours(open.pipe.messageMode) });
  return { parameters: encodeAs(state, false) };
}

/** [MS-CIFS] 2.2.5: subcommands that refer to a FID. */
export const onPipes: Readonly<Record<number, OnPipe>> = {
  [TransSubcommand.SetNmpipeState]: setNmpipeState,
  [TransSubcommand.QueryNmpipeState]: queryNmpipeState,
  [TransSubcommand.PeekNmpipe]: peekNmpipe,
  [TransSubcommand.TransactNmpipe]: transactNmpipe,
};

/** The name after `\PIPE\`. */
function bareName(name: string): string {
  return name.replace(/^\\PIPE\\+/i, '');
}

/** [MS-CIFS] 2.2.5.9: pipes here accept any number of clients, so there is never a wait. */
export function waitNmpipe(name: string): TransactionResult {
  if (!isPipe(bareName(name))) throw new StatusError(NtStatus.ObjectNameNotFound);
  return {};
}

/** [MS-CIFS] 2.2.5.10: opens a pipe, exchanges one message, and closes it. */
export async function callNmpipe(name: string, whole: Transaction, where: Smb1Context): Promise<TransactionResult> {
  const access = FileAccess.ReadData | FileAccess.WriteData;
  const open = openPipe(where.core, where.tree, bareName(name), access);
  try {
    return await transactNmpipe(open, whole, where);
  } finally {
    await close(where.core, open);
  }
}
