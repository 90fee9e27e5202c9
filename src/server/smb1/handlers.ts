import type { Wire } from '#wire/io/layout.js';
import { type CommandBodies, type CommandName, Commands } from '#wire/smb1/commands.js';
import { close } from './close.js';
import type { Smb1Answer, Smb1Context } from './context.js';
import { deleteFiles } from './delete.js';
import { checkDirectory, createDirectory, deleteDirectory } from './directories.js';
import { echo } from './echo.js';
import { findClose2 } from './find.js';
import { flush } from './flush.js';
import {
  queryInformation,
  queryInformation2,
  queryInformationDisk,
  setInformation,
  setInformation2,
} from './information.js';
import { lockingAndX } from './locking-andx.js';
import { logoffAndX } from './logoff-andx.js';
import { negotiate } from './negotiate.js';
import { ntCreateAndX } from './nt-create-andx.js';
import { ntTransact } from './nt-transact.js';
import { openAndX } from './open-andx.js';
import { processExit } from './process-exit.js';
import { readAndX } from './read-andx.js';
import { rename } from './rename.js';
import { sessionSetupAndX } from './session-setup-andx.js';
import { secondary } from './transact.js';
import { transaction } from './transaction.js';
import { transaction2 } from './transaction2.js';
import { treeConnectAndX } from './tree-connect-andx.js';
import { treeDisconnect } from './tree-disconnect.js';
import { writeAndX, writeCore } from './write-andx.js';

type Answer<R> = R | Smb1Answer | undefined;

/** Handles one command. Returns the body or an `Smb1Answer`; undefined if it has responded itself. Throws to refuse. */
export type Handler<N extends CommandName> = (
  request: CommandBodies[N][0],
  context: Smb1Context,
) => Answer<CommandBodies[N][1]> | Promise<Answer<CommandBodies[N][1]>>;

export type AnyHandler = (request: Wire, context: Smb1Context) => Answer<Wire> | Promise<Answer<Wire>>;

/** Served commands; all others are answered NOT_SUPPORTED. */
const SERVED: { readonly [N in CommandName]?: Handler<N> } = {
  CreateDirectory: createDirectory,
  DeleteDirectory: deleteDirectory,
  Close: close,
  Flush: flush,
  Delete: deleteFiles,
  Rename: rename,
  QueryInformation: queryInformation,
  SetInformation: setInformation,
  Write: writeCore,
  CheckDirectory: checkDirectory,
  ProcessExit: processExit,
  SetInformation2: setInformation2,
  QueryInformation2: queryInformation2,
  LockingAndX: lockingAndX,
  Transaction: transaction,
  TransactionSecondary: secondary,
  Echo: echo,
  OpenAndX: openAndX,
  ReadAndX: readAndX,
  WriteAndX: writeAndX,
  Transaction2: transaction2,
  Transaction2Secondary: secondary,
  FindClose2: findClose2,
  TreeDisconnect: treeDisconnect,
  Negotiate: negotiate,
  SessionSetupAndX: sessionSetupAndX,
  LogoffAndX: logoffAndX,
  TreeConnectAndX: treeConnectAndX,
  QueryInformationDisk: queryInformationDisk,
  NtTransact: ntTransact,
  NtTransactSecondary: secondary,
  NtCreateAndX: ntCreateAndX,
};

/** Handlers by command code, without the types of the bodies, which the engine decodes by the same names. */
export const handlers: Readonly<Record<number, AnyHandler>> = Object.fromEntries(
  Object.entries(SERVED).map(([name, handler]) => [Commands[name as CommandName].code, handler as AnyHandler]),
);
