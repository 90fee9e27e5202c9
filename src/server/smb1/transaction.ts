import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { TransactionFlags, type TransactionRequest, TransSubcommand } from '#wire/smb1/command/transaction.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { callNmpipe, onPipes, waitNmpipe } from './pipes.js';
import { rap } from './rap.js';
import { type Run, transact } from './transact.js';

/** [MS-CIFS] 3.3.5.57: named pipes and RAP. Mailslots are not served, as they use datagrams. */
export async function transaction(request: TransactionRequest, context: Smb1Context): Promise<Smb1Answer | undefined> {
  if (!context.tree.isPipe || !/^\\PIPE(\\|$)/i.test(request.name)) throw new StatusError(NtStatus.NotSupported);
  const answer = await transact(request, context, false, runOf(request, context));
  if (!answer || (request.flags & TransactionFlags.NoResponse) === 0) return answer;
  context.request.drop();
  return undefined;
}

/** The operation to run once the transaction is complete. */
function runOf({ name, setup }: TransactionRequest, context: Smb1Context): Run {
  const [subcommand, fid = 0] = setup;
  if (subcommand === undefined) {
    if (!/^\\PIPE\\LANMAN$/i.test(name)) throw new StatusError(NtStatus.NotSupported);
    return rap;
  }
  if (subcommand === TransSubcommand.WaitNmpipe) return () => waitNmpipe(name);
  if (subcommand === TransSubcommand.CallNmpipe) return (whole, where) => callNmpipe(name, whole, where);
  const onPipe = onPipes[subcommand];
  if (onPipe === undefined) throw new StatusError(NtStatus.NotSupported);
  const open = context.open(fid);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  return (whole, where) => onPipe(open, whole, where);
}
