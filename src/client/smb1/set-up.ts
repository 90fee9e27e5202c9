import type { Environment } from '../connection.js';
import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { ClientConnection } from '../protocol.js';

export async function setUpSmb1(_l: Link, _s: Settings, _e: Environment, _a: unknown): Promise<ClientConnection> {
  throw new Error('later');
}
