import type { Wire } from '../io/layout.js';
import { EmptyAndXBlock, EmptyBlock, RawBlock } from './block.js';
import { CheckDirectoryRequest } from './command/check-directory.js';
import { CloseRequest } from './command/close.js';
import { CreateDirectoryRequest } from './command/create-directory.js';
import { DeleteRequest } from './command/delete.js';
import { DeleteDirectoryRequest } from './command/delete-directory.js';
import { EchoRequest, EchoResponse } from './command/echo.js';
import { FindClose2Request } from './command/find-close2.js';
import { FlushRequest } from './command/flush.js';
import { QueryInformation2Request, QueryInformation2Response, SetInformation2Request } from './command/information2.js';
import { LockingAndXRequest } from './command/locking-andx.js';
import { NegotiateRequest, NegotiateResponse } from './command/negotiate.js';
import { NtCreateAndXRequest, NtCreateAndXResponse } from './command/nt-create-andx.js';
import { NtTransactRequest, NtTransactResponse, NtTransactSecondaryRequest } from './command/nt-transact.js';
import { OpenAndXRequest, OpenAndXResponse } from './command/open-andx.js';
import { QueryInformationRequest, QueryInformationResponse } from './command/query-information.js';
import { QueryInformationDiskResponse } from './command/query-information-disk.js';
import { ReadAndXRequest, ReadAndXResponse } from './command/read-andx.js';
import { NtRenameRequest, RenameRequest } from './command/rename.js';
import { SearchRequest, SearchResponse } from './command/search.js';
import { SessionSetupAndXRequest, SessionSetupAndXResponse } from './command/session-setup-andx.js';
import { SetInformationRequest } from './command/set-information.js';
import {
  Transaction2Request,
  Transaction2SecondaryRequest,
  TransactionRequest,
  TransactionResponse,
  TransactionSecondaryRequest,
} from './command/transaction.js';
import { TreeConnectAndXRequest, TreeConnectAndXResponse } from './command/tree-connect-andx.js';
import { WriteRequest, WriteResponse } from './command/write.js';
import { WriteAndXRequest, WriteAndXResponse } from './command/write-andx.js';
import { commandName, Smb1Command } from './smb1-command.js';

/** A command's two bodies. A reply without words has an `EmptyBlock` instead, for any command. */
export interface CommandRow<Req extends Wire = Wire, Res extends Wire = Wire> {
  readonly code: number;
  /** `SMB_COM_READ_ANDX`. */
  readonly name: string;
  readonly request: new () => Req;
  readonly response: new () => Res;
}

function row<Req extends Wire, Res extends Wire>(
  code: number,
  request: new () => Req,
  response: new () => Res,
): CommandRow<Req, Res> {
  return { code, name: commandName(code), request, response };
}

const C = Smb1Command;

/** Request and response bodies of the commands that have a layout. */
export interface CommandBodies {
  CreateDirectory: [CreateDirectoryRequest, EmptyBlock];
  DeleteDirectory: [DeleteDirectoryRequest, EmptyBlock];
  Close: [CloseRequest, EmptyBlock];
  Flush: [FlushRequest, EmptyBlock];
  Delete: [DeleteRequest, EmptyBlock];
  Rename: [RenameRequest, EmptyBlock];
  QueryInformation: [QueryInformationRequest, QueryInformationResponse];
  SetInformation: [SetInformationRequest, EmptyBlock];
  Write: [WriteRequest, WriteResponse];
  CheckDirectory: [CheckDirectoryRequest, EmptyBlock];
  ProcessExit: [EmptyBlock, EmptyBlock];
  SetInformation2: [SetInformation2Request, EmptyBlock];
  QueryInformation2: [QueryInformation2Request, QueryInformation2Response];
  LockingAndX: [LockingAndXRequest, EmptyAndXBlock];
  Transaction: [TransactionRequest, TransactionResponse];
  TransactionSecondary: [TransactionSecondaryRequest, TransactionResponse];
  Echo: [EchoRequest, EchoResponse];
  OpenAndX: [OpenAndXRequest, OpenAndXResponse];
  ReadAndX: [ReadAndXRequest, ReadAndXResponse];
  WriteAndX: [WriteAndXRequest, WriteAndXResponse];
  Transaction2: [Transaction2Request, TransactionResponse];
  Transaction2Secondary: [Transaction2SecondaryRequest, TransactionResponse];
  FindClose2: [FindClose2Request, EmptyBlock];
  TreeDisconnect: [EmptyBlock, EmptyBlock];
  Negotiate: [NegotiateRequest, NegotiateResponse];
  SessionSetupAndX: [SessionSetupAndXRequest, SessionSetupAndXResponse];
  LogoffAndX: [EmptyAndXBlock, EmptyAndXBlock];
  TreeConnectAndX: [TreeConnectAndXRequest, TreeConnectAndXResponse];
  QueryInformationDisk: [EmptyBlock, QueryInformationDiskResponse];
  Search: [SearchRequest, SearchResponse];
  FindClose: [SearchRequest, SearchResponse];
  NtTransact: [NtTransactRequest, NtTransactResponse];
  NtTransactSecondary: [NtTransactSecondaryRequest, NtTransactResponse];
  NtCreateAndX: [NtCreateAndXRequest, NtCreateAndXResponse];
  NtCancel: [EmptyBlock, EmptyBlock];
  NtRename: [NtRenameRequest, EmptyBlock];
}

export type CommandName = keyof CommandBodies;

/** The commands that have a layout, by the names of `Smb1Command`. */
export const Commands: { readonly [N in CommandName]: CommandRow<CommandBodies[N][0], CommandBodies[N][1]> } = {
  CreateDirectory: row(C.CreateDirectory, CreateDirectoryRequest, EmptyBlock),
  DeleteDirectory: row(C.DeleteDirectory, DeleteDirectoryRequest, EmptyBlock),
  Close: row(C.Close, CloseRequest, EmptyBlock),
  Flush: row(C.Flush, FlushRequest, EmptyBlock),
  Delete: row(C.Delete, DeleteRequest, EmptyBlock),
  Rename: row(C.Rename, RenameRequest, EmptyBlock),
  QueryInformation: row(C.QueryInformation, QueryInformationRequest, QueryInformationResponse),
  SetInformation: row(C.SetInformation, SetInformationRequest, EmptyBlock),
  Write: row(C.Write, WriteRequest, WriteResponse),
  CheckDirectory: row(C.CheckDirectory, CheckDirectoryRequest, EmptyBlock),
  ProcessExit: row(C.ProcessExit, EmptyBlock, EmptyBlock),
  SetInformation2: row(C.SetInformation2, SetInformation2Request, EmptyBlock),
  QueryInformation2: row(C.QueryInformation2, QueryInformation2Request, QueryInformation2Response),
  LockingAndX: row(C.LockingAndX, LockingAndXRequest, EmptyAndXBlock),
  Transaction: row(C.Transaction, TransactionRequest, TransactionResponse),
  TransactionSecondary: row(C.TransactionSecondary, TransactionSecondaryRequest, TransactionResponse),
  Echo: row(C.Echo, EchoRequest, EchoResponse),
  OpenAndX: row(C.OpenAndX, OpenAndXRequest, OpenAndXResponse),
  ReadAndX: row(C.ReadAndX, ReadAndXRequest, ReadAndXResponse),
  WriteAndX: row(C.WriteAndX, WriteAndXRequest, WriteAndXResponse),
  Transaction2: row(C.Transaction2, Transaction2Request, TransactionResponse),
  Transaction2Secondary: row(C.Transaction2Secondary, Transaction2SecondaryRequest, TransactionResponse),
  FindClose2: row(C.FindClose2, FindClose2Request, EmptyBlock),
  TreeDisconnect: row(C.TreeDisconnect, EmptyBlock, EmptyBlock),
  Negotiate: row(C.Negotiate, NegotiateRequest, NegotiateResponse),
  SessionSetupAndX: row(C.SessionSetupAndX, SessionSetupAndXRequest, SessionSetupAndXResponse),
  LogoffAndX: row(C.LogoffAndX, EmptyAndXBlock, EmptyAndXBlock),
  TreeConnectAndX: row(C.TreeConnectAndX, TreeConnectAndXRequest, TreeConnectAndXResponse),
  QueryInformationDisk: row(C.QueryInformationDisk, EmptyBlock, QueryInformationDiskResponse),
  Search: row(C.Search, SearchRequest, SearchResponse),
  FindClose: row(C.FindClose, SearchRequest, SearchResponse),
  NtTransact: row(C.NtTransact, NtTransactRequest, NtTransactResponse),
  NtTransactSecondary: row(C.NtTransactSecondary, NtTransactSecondaryRequest, NtTransactResponse),
  NtCreateAndX: row(C.NtCreateAndX, NtCreateAndXRequest, NtCreateAndXResponse),
  NtCancel: row(C.NtCancel, EmptyBlock, EmptyBlock),
  NtRename: row(C.NtRename, NtRenameRequest, EmptyBlock),
};

const byCode: (CommandRow | undefined)[] = [];
for (const command of Object.values(Commands)) byCode[command.code] = command;

/** The row of a command code. */
export function commandRow(code: number): CommandRow | undefined {
  return byCode[code];
}

/** Creates a body for a block. `wordCount` is the block's first byte: a reply without words is empty. */
export function makeBody(code: number, isReply: boolean, wordCount: number): Wire {
  const command = byCode[code];
  if (isReply && wordCount === 0) return new EmptyBlock();
  if (!command) return new RawBlock();
  return isReply ? new command.response() : new command.request();
}
