import { StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { NtTransactFunction, type NtTransactRequest } from '#wire/smb1/command/nt-transact.js';
import { NotifyChangeSetup } from '#wire/smb1/nt-transact/notify-change.js';
import { watch } from '../action/watch.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { decodeAs, type Transaction, type TransactionResult, transact } from './transact.js';

/** [MS-CIFS] 3.3.5.59. Only change notification is served. */
export function ntTransact(request: NtTransactRequest, context: Smb1Context): Promise<Smb1Answer | undefined> {
  void context.tree;
  if (request.function !== NtTransactFunction.NotifyChange) throw new StatusError(NtStatus.NotSupported);
  const setup = decodeAs(new NotifyChangeSetup(), request.setup, context.unicode);
  return transact(request, context, true, (transaction, where) => notifyChange(setup, transaction, where));
}

/** [MS-CIFS] 3.3.5.59.4. The answer comes when something happens, and has the changes in its parameters. */
async function notifyChange(
  { fid, completionFilter, watchTree }: NotifyChangeSetup,
  { maxParameterCount }: Transaction,
  context: Smb1Context,
): Promise<TransactionResult> {
  const { core, request, connection } = context;
  const open = context.diskOpen(fid);
  if (!connection.engine.hold(request)) throw new StatusError(NtStatus.InsufficientResources);
  const { status, changes } = await watch(core, open, {
    filter: completionFilter,
    recursive: watchTree !== 0,
    maxBytes: maxParameterCount,
    signal: request.signal,
  });
  if (isError(status)) throw new StatusError(status);
  // A closed handle is no error and no news ([MS-CIFS] 3.3.5.59.4).
  return { status: status === NtStatus.NotifyCleanup ? NtStatus.Success : status, parameters: changes };
}
