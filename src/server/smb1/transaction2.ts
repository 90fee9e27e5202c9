import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Transaction2Request } from '#wire/smb1/command/transaction.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { findFirst2, findNext2 } from './find.js';
import { queryFileInformation, queryFsInformation, queryPathInformation } from './query-information-level.js';
import { setFileInformation, setPathInformation, trans2CreateDirectory } from './set-information-level.js';
import { type Run, transact } from './transact.js';

/** Served subcommands; all others are answered NOT_SUPPORTED. */
const SUBCOMMANDS: Readonly<Record<number, Run>> = {
  [Trans2Subcommand.FindFirst2]: findFirst2,
  [Trans2Subcommand.FindNext2]: findNext2,
  [Trans2Subcommand.QueryFsInformation]: queryFsInformation,
  [Trans2Subcommand.QueryPathInformation]: queryPathInformation,
  [Trans2Subcommand.SetPathInformation]: setPathInformation,
  [Trans2Subcommand.QueryFileInformation]: queryFileInformation,
  [Trans2Subcommand.SetFileInformation]: setFileInformation,
  [Trans2Subcommand.CreateDirectory]: trans2CreateDirectory,
};

/** [MS-CIFS] 3.3.5.58. */
export function transaction2(request: Transaction2Request, context: Smb1Context): Promise<Smb1Answer | undefined> {
  void context.tree;
  const run = SUBCOMMANDS[request.setup[0] ?? -1];
  if (!run) throw new StatusError(NtStatus.NotSupported);
  return transact(request, context, false, run);
}
