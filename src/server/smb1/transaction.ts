import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { TransactionFlags, type TransactionRequest, TransSubcommand } from '#wire/smb1/command/transaction.js';
import type { PipeOpen } from '../state/open.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { type Run, transact } from './transact.js';

/** What is done on a named pipe. */
type OnPipe = (open: PipeOpen, ...of: Parameters<Run>) => ReturnType<Run>;

const PIPES: Readonly<Record<number, OnPipe>> = {
  // Ours are in message mode and never block: any other state is acknowledged, as by servers that know no better.
  [TransSubcommand.SetNmpipeState]: () => ({}),
  [TransSubcommand.TransactNmpipe]: (open, { data, maxDataCount }) => {
    open.pipe.write(data);
    const answer = open.pipe.read(maxDataCount);
    return { status: answer.more ? NtStatus.BufferOverflow : NtStatus.Success, data: answer.data };
  },
};

/** [MS-CIFS] 3.3.5.57: named pipes. Mailslots are for datagrams, and RAP is not served. */
export async function transaction(request: TransactionRequest, context: Smb1Context): Promise<Smb1Answer | undefined> {
  const [subcommand = -1, fid = 0] = request.setup;
  const onPipe = PIPES[subcommand];
  if (!context.tree.isPipe || !onPipe || !isPipeName(request.name)) throw new StatusError(NtStatus.NotSupported);
  const open = context.open(fid);
  if (open.kind !== 'pipe') throw new StatusError(NtStatus.InvalidDeviceRequest);
  const answer = await transact(request, context, false, (whole, where) => onPipe(open, whole, where));
  if (!answer || (request.flags & TransactionFlags.NoResponse) === 0) return answer;
  context.request.drop();
  return undefined;
}

function isPipeName(name: string): boolean {
  return /^\\PIPE(\\|$)/i.test(name) && !/^\\PIPE\\LANMAN$/i.test(name);
}
