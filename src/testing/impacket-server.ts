import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ForeignServer, startForeignServer } from './foreign-server.js';
import { ACCOUNT, type Cleanup, freePort, inReverse, temporaryFolder } from './peers.js';

export interface ImpacketServer {
  readonly port: number;
  /** The folder that `share` serves. */
  readonly share: string;
  readonly user: string;
  readonly password: string;
  readonly server: ForeignServer;
}

/** Does the same as Debian's example script, for an impacket without its examples. */
const SCRIPT = `
import sys
from impacket import smbserver
from impacket.ntlm import compute_lmhash, compute_nthash
port, folder, version, user, password = sys.argv[1:6]
server = smbserver.SimpleSMBServer(listenAddress='127.0.0.1', listenPort=int(port))
server.addShare('SHARE', folder, 'test share')
server.setSMB2Support(version == 'smb2')
server.addCredential(user, 0, compute_lmhash(password), compute_nthash(password))
server.setSMBChallenge('')
server.start()
`;

/** impacket's server, with only NT LM 0.12 or only 2.0.2. Call `requirePeer(t, 'impacket')` first. */
export async function startImpacketServer(t: Cleanup, version: 'smb1' | 'smb2'): Promise<ImpacketServer> {
  const cleanup = inReverse(t);
  const share = join(await temporaryFolder(cleanup), 'share');
  await mkdir(share);
  const port = await freePort();
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const args = ['-c', SCRIPT, String(port), share, version, ACCOUNT.user, ACCOUNT.password];
  const server = await startForeignServer(cleanup, 'impacket', port, python, args);
  return { port, share, user: ACCOUNT.user, password: ACCOUNT.password, server };
}
