import type { Wire } from '#wire/io/layout.js';
import type { CommandName, Req, Res } from '#wire/smb2/commands.js';
import { Command } from '#wire/smb2/header.js';
import { changeNotify } from './change-notify.js';
import { close } from './close.js';
import type { Smb2Answer, Smb2Context } from './context.js';
import { create } from './create.js';
import { echo } from './echo.js';
import { flush } from './flush.js';
import { ioctl } from './ioctl.js';
import { lock } from './lock.js';
import { logoff } from './logoff.js';
import { negotiate } from './negotiate.js';
import { oplockBreak } from './oplock-break.js';
import { queryDirectory } from './query-directory.js';
import { queryInfo } from './query-info.js';
import { read } from './read.js';
import { sessionSetup } from './session-setup.js';
import { setInfo } from './set-info.js';
import { treeConnect } from './tree-connect.js';
import { treeDisconnect } from './tree-disconnect.js';
import { write } from './write.js';

type Answer<R> = R | Smb2Answer | undefined;

/** Handles one command. Returns the body or an `Smb2Answer`; undefined if it has responded itself. Throws to refuse. */
export type Handler<C extends CommandName> = (
  request: Req<C>,
  context: Smb2Context,
) => Answer<Res<C>> | Promise<Answer<Res<C>>>;

export type AnyHandler = (request: Wire, context: Smb2Context) => Answer<Wire> | Promise<Answer<Wire>>;

/** Erases the type of a handler's request body, which the engine decodes by the same table. */
const of = <C extends CommandName>(handler: Handler<C>): AnyHandler => handler as unknown as AnyHandler;

/** Served commands; all others are answered NOT_SUPPORTED. */
export const handlers: Readonly<Record<number, AnyHandler>> = {
  [Command.Negotiate]: of<'NEGOTIATE'>(negotiate),
  [Command.SessionSetup]: of<'SESSION_SETUP'>(sessionSetup),
  [Command.Logoff]: of<'LOGOFF'>(logoff),
  [Command.TreeConnect]: of<'TREE_CONNECT'>(treeConnect),
  [Command.TreeDisconnect]: of<'TREE_DISCONNECT'>(treeDisconnect),
  [Command.Create]: of<'CREATE'>(create),
  [Command.Close]: of<'CLOSE'>(close),
  [Command.Flush]: of<'FLUSH'>(flush),
  [Command.Read]: of<'READ'>(read),
  [Command.Write]: of<'WRITE'>(write),
  [Command.Lock]: of<'LOCK'>(lock),
  [Command.Ioctl]: of<'IOCTL'>(ioctl),
  [Command.Echo]: of<'ECHO'>(echo),
  [Command.QueryDirectory]: of<'QUERY_DIRECTORY'>(queryDirectory),
  [Command.ChangeNotify]: of<'CHANGE_NOTIFY'>(changeNotify),
  [Command.QueryInfo]: of<'QUERY_INFO'>(queryInfo),
  [Command.OplockBreak]: of<'OPLOCK_BREAK'>(oplockBreak),
  [Command.SetInfo]: of<'SET_INFO'>(setInfo),
};
