import type { ServerCore } from '../core.js';
import type { Open } from './open.js';
import type { RegisteredSession } from './session-table.js';
import type { Tree } from './tree.js';

/** All established sessions. */
export function sessionsOf(core: ServerCore): RegisteredSession[] {
  return core.sessions.list();
}

/** Tree connects of all sessions. */
export function treesOf(core: ServerCore): { readonly view: RegisteredSession; readonly tree: Tree }[] {
  return sessionsOf(core).flatMap((view) => Array.from(view.session.trees.values(), (tree) => ({ view, tree })));
}

/** Opens of all sessions. */
export function opensOf(core: ServerCore): { readonly view: RegisteredSession; readonly open: Open }[] {
  return sessionsOf(core).flatMap((view) => Array.from(view.session.opens.values(), (open) => ({ view, open })));
}
