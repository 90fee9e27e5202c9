import { StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { NtTransactFunction, type NtTransactRequest } from '#wire/smb1/command/nt-transact.js';
import { NotifyChangeSetup } from '#wire/smb1/nt-transact/notify-change.js';
import { watch } from '../action/watch.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { ntTransactCreate } from './nt-transact-create.js';
import { querySecurityDesc, setSecurityDesc } from './security-desc.js';
import { decodeAs, type Run, type Transaction, type TransactionResult, transact } from './transact.js';

/** [MS-CIFS] 3.3.5.59. Creating, change notification and security descriptors are served. */
export function ntTransact(request: NtTransactRequest, context: Smb1Context): Promise<Smb1Answer | undefined> {
  void context.tree;
  return transact(request, context, true, functionOf(request, context));
}

function functionOf(request: NtTransactRequest, context: Smb1Context): Run {
  switch (request.function) {
    case NtTransactFunction.Create:
      return ntTransactCreate;
    case NtTransactFunction.NotifyChange: {
      const setup = decodeAs(new NotifyChangeSetup(), request.setup, context.unicode);
      return (transaction, where) => notifyChange(setup, transaction, where);
    }
    case NtTransactFunction.QuerySecurityDesc:
      return querySecurityDesc;
    case NtTransactFunction.SetSecurityDesc:
      return setSecurityDesc;
    default:
      throw new StatusError(NtStatus.NotSupported);
  }
}

/** [MS-CIFS] 3.3.5.59.4. The response is sent when something changes, with the changes in its parameters. */
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
  // A closed handle results in success without changes ([MS-CIFS] 3.3.5.59.4).
  return { status: status === NtStatus.NotifyCleanup ? NtStatus.Success : status, parameters: changes };
}
