import { NtStatus } from '../erref/nt-status.js';
import { CancelRequest } from './command/cancel.js';
import { ChangeNotifyRequest, ChangeNotifyResponse } from './command/change-notify.js';
import { CloseRequest, CloseResponse } from './command/close.js';
import { CreateRequest, CreateResponse } from './command/create.js';
import { EchoRequest, EchoResponse } from './command/echo.js';
import { ErrorResponse } from './command/error.js';
import { FlushRequest, FlushResponse } from './command/flush.js';
import { IoctlRequest, IoctlResponse } from './command/ioctl.js';
import { LockRequest, LockResponse } from './command/lock.js';
import { LogoffRequest, LogoffResponse } from './command/logoff.js';
import { NegotiateRequest, NegotiateResponse } from './command/negotiate.js';
import { OplockBreakRequest, OplockBreakResponse } from './command/oplock-break.js';
import { QueryDirectoryRequest, QueryDirectoryResponse } from './command/query-directory.js';
import { QueryInfoRequest, QueryInfoResponse } from './command/query-info.js';
import { ReadRequest, ReadResponse } from './command/read.js';
import { ServerNotificationRequest, ServerNotificationResponse } from './command/server-notification.js';
import { SessionSetupRequest, SessionSetupResponse } from './command/session-setup.js';
import { SetInfoRequest, SetInfoResponse } from './command/set-info.js';
import { TreeConnectRequest, TreeConnectResponse } from './command/tree-connect.js';
import { TreeDisconnectRequest, TreeDisconnectResponse } from './command/tree-disconnect.js';
import { WriteRequest, WriteResponse } from './command/write.js';
import { Command } from './header.js';

/** The body classes of each command. CANCEL is never answered. */
export interface CommandTypes {
  readonly NEGOTIATE: { readonly request: NegotiateRequest; readonly response: NegotiateResponse };
  readonly SESSION_SETUP: { readonly request: SessionSetupRequest; readonly response: SessionSetupResponse };
  readonly LOGOFF: { readonly request: LogoffRequest; readonly response: LogoffResponse };
  readonly TREE_CONNECT: { readonly request: TreeConnectRequest; readonly response: TreeConnectResponse };
  readonly TREE_DISCONNECT: { readonly request: TreeDisconnectRequest; readonly response: TreeDisconnectResponse };
  readonly CREATE: { readonly request: CreateRequest; readonly response: CreateResponse };
  readonly CLOSE: { readonly request: CloseRequest; readonly response: CloseResponse };
  readonly FLUSH: { readonly request: FlushRequest; readonly response: FlushResponse };
  readonly READ: { readonly request: ReadRequest; readonly response: ReadResponse };
  readonly WRITE: { readonly request: WriteRequest; readonly response: WriteResponse };
  readonly LOCK: { readonly request: LockRequest; readonly response: LockResponse };
  readonly IOCTL: { readonly request: IoctlRequest; readonly response: IoctlResponse };
  readonly CANCEL: { readonly request: CancelRequest; readonly response: ErrorResponse };
  readonly ECHO: { readonly request: EchoRequest; readonly response: EchoResponse };
  readonly QUERY_DIRECTORY: { readonly request: QueryDirectoryRequest; readonly response: QueryDirectoryResponse };
  readonly CHANGE_NOTIFY: { readonly request: ChangeNotifyRequest; readonly response: ChangeNotifyResponse };
  readonly QUERY_INFO: { readonly request: QueryInfoRequest; readonly response: QueryInfoResponse };
  readonly SET_INFO: { readonly request: SetInfoRequest; readonly response: SetInfoResponse };
  readonly OPLOCK_BREAK: { readonly request: OplockBreakRequest; readonly response: OplockBreakResponse };
  readonly SERVER_TO_CLIENT_NOTIFICATION: {
    readonly request: ServerNotificationRequest;
    readonly response: ServerNotificationResponse;
  };
}

/** The name of a command, as in the specification. */
export type CommandName = keyof CommandTypes;

/** `Req<'READ'>` is ReadRequest. */
export type Req<C extends CommandName> = CommandTypes[C]['request'];

/** `Res<'READ'>` is ReadResponse. */
export type Res<C extends CommandName> = CommandTypes[C]['response'];

/** A value of `Command`. */
export type CommandCode = (typeof Command)[keyof typeof Command];

/** One command: its name, and functions that create its bodies. */
export interface CommandRow<C extends CommandName> {
  readonly name: C;
  readonly code: CommandCode;
  readonly request: () => Req<C>;
  readonly response: () => Res<C>;
}

/** The row of any command. */
export type AnyCommandRow = { readonly [C in CommandName]: CommandRow<C> }[CommandName];

/** All commands by name. */
export const commandsByName: { readonly [C in CommandName]: CommandRow<C> } = {
  NEGOTIATE: {
    name: 'NEGOTIATE',
    code: Command.Negotiate,
    request: () => new NegotiateRequest(),
    response: () => new NegotiateResponse(),
  },
  SESSION_SETUP: {
    name: 'SESSION_SETUP',
    code: Command.SessionSetup,
    request: () => new SessionSetupRequest(),
    response: () => new SessionSetupResponse(),
  },
  LOGOFF: {
    name: 'LOGOFF',
    code: Command.Logoff,
    request: () => new LogoffRequest(),
    response: () => new LogoffResponse(),
  },
  TREE_CONNECT: {
    name: 'TREE_CONNECT',
    code: Command.TreeConnect,
    request: () => new TreeConnectRequest(),
    response: () => new TreeConnectResponse(),
  },
  TREE_DISCONNECT: {
    name: 'TREE_DISCONNECT',
    code: Command.TreeDisconnect,
    request: () => new TreeDisconnectRequest(),
    response: () => new TreeDisconnectResponse(),
  },
  CREATE: {
    name: 'CREATE',
    code: Command.Create,
    request: () => new CreateRequest(),
    response: () => new CreateResponse(),
  },
  CLOSE: {
    name: 'CLOSE',
    code: Command.Close,
    request: () => new CloseRequest(),
    response: () => new CloseResponse(),
  },
  FLUSH: {
    name: 'FLUSH',
    code: Command.Flush,
    request: () => new FlushRequest(),
    response: () => new FlushResponse(),
  },
  READ: {
    name: 'READ',
    code: Command.Read,
    request: () => new ReadRequest(),
    response: () => new ReadResponse(),
  },
  WRITE: {
    name: 'WRITE',
    code: Command.Write,
    request: () => new WriteRequest(),
    response: () => new WriteResponse(),
  },
  LOCK: {
    name: 'LOCK',
    code: Command.Lock,
    request: () => new LockRequest(),
    response: () => new LockResponse(),
  },
  IOCTL: {
    name: 'IOCTL',
    code: Command.Ioctl,
    request: () => new IoctlRequest(),
    response: () => new IoctlResponse(),
  },
  CANCEL: {
    name: 'CANCEL',
    code: Command.Cancel,
    request: () => new CancelRequest(),
    response: () => new ErrorResponse(),
  },
  ECHO: {
    name: 'ECHO',
    code: Command.Echo,
    request: () => new EchoRequest(),
    response: () => new EchoResponse(),
  },
  QUERY_DIRECTORY: {
    name: 'QUERY_DIRECTORY',
    code: Command.QueryDirectory,
    request: () => new QueryDirectoryRequest(),
    response: () => new QueryDirectoryResponse(),
  },
  CHANGE_NOTIFY: {
    name: 'CHANGE_NOTIFY',
    code: Command.ChangeNotify,
    request: () => new ChangeNotifyRequest(),
    response: () => new ChangeNotifyResponse(),
  },
  QUERY_INFO: {
    name: 'QUERY_INFO',
    code: Command.QueryInfo,
    request: () => new QueryInfoRequest(),
    response: () => new QueryInfoResponse(),
  },
  SET_INFO: {
    name: 'SET_INFO',
    code: Command.SetInfo,
    request: () => new SetInfoRequest(),
    response: () => new SetInfoResponse(),
  },
  OPLOCK_BREAK: {
    name: 'OPLOCK_BREAK',
    code: Command.OplockBreak,
    request: () => new OplockBreakRequest(),
    response: () => new OplockBreakResponse(),
  },
  SERVER_TO_CLIENT_NOTIFICATION: {
    name: 'SERVER_TO_CLIENT_NOTIFICATION',
    code: Command.ServerToClientNotification,
    request: () => new ServerNotificationRequest(),
    response: () => new ServerNotificationResponse(),
  },
};

/** All commands by code. For codes from the wire use `commandOf`, as they may be unknown. */
export const commands: Readonly<Record<CommandCode, AnyCommandRow>> = {
  [Command.Negotiate]: commandsByName.NEGOTIATE,
  [Command.SessionSetup]: commandsByName.SESSION_SETUP,
  [Command.Logoff]: commandsByName.LOGOFF,
  [Command.TreeConnect]: commandsByName.TREE_CONNECT,
  [Command.TreeDisconnect]: commandsByName.TREE_DISCONNECT,
  [Command.Create]: commandsByName.CREATE,
  [Command.Close]: commandsByName.CLOSE,
  [Command.Flush]: commandsByName.FLUSH,
  [Command.Read]: commandsByName.READ,
  [Command.Write]: commandsByName.WRITE,
  [Command.Lock]: commandsByName.LOCK,
  [Command.Ioctl]: commandsByName.IOCTL,
  [Command.Cancel]: commandsByName.CANCEL,
  [Command.Echo]: commandsByName.ECHO,
  [Command.QueryDirectory]: commandsByName.QUERY_DIRECTORY,
  [Command.ChangeNotify]: commandsByName.CHANGE_NOTIFY,
  [Command.QueryInfo]: commandsByName.QUERY_INFO,
  [Command.SetInfo]: commandsByName.SET_INFO,
  [Command.OplockBreak]: commandsByName.OPLOCK_BREAK,
  [Command.ServerToClientNotification]: commandsByName.SERVER_TO_CLIENT_NOTIFICATION,
};

/** The row of a code from the wire, if known. */
export function commandOf(code: number): AnyCommandRow | undefined {
  return (commands as Readonly<Record<number, AnyCommandRow | undefined>>)[code];
}

/**
 * Whether a response with that status has an SMB2 ERROR body instead of its command's ([MS-SMB2] 3.3.4.4; Pending is
 * the interim response of 3.3.4.2). For IOCTL, where the same status may come with either body, `structureSize` (the
 * first two bytes of the body) decides; without it, InvalidParameter counts as an error and BufferOverflow does not.
 */
export function responseIsError(status: number, command: number, structureSize?: number): boolean {
  switch (status) {
    case NtStatus.Success:
      return false;
    case NtStatus.MoreProcessingRequired:
      return command !== Command.SessionSetup;
    case NtStatus.NotifyEnumDir:
      return command !== Command.ChangeNotify;
    case NtStatus.InvalidParameter:
      return command !== Command.Ioctl || structureSize === undefined || structureSize === ERROR_SIZE;
    case NtStatus.BufferOverflow:
      if (command === Command.Ioctl) return structureSize === ERROR_SIZE;
      return command !== Command.Read && command !== Command.QueryInfo;
    default:
      return true;
  }
}

/** StructureSize of the ERROR response. */
const ERROR_SIZE = 9;
