import { fromHex, golden } from '#testing/golden.js';
import { Dialect } from '../dialect.js';
import { TreeConnectContext, TreeConnectContextType } from '../tree-connect-context.js';
import { ShareFlags, ShareType, TreeConnectFlags, TreeConnectRequest, TreeConnectResponse } from './tree-connect.js';

const at64 = { headerLength: 64 };
const PATH = '5c005c003100320037002e0030002e0030002e0031005c00490050004300';

// smbclient and smbd of Samba 4.17 at 2.0.2.
golden(TreeConnectRequest, { path: '\\\\127.0.0.1\\IPC$' }, `0900 0000 4800 2000 ${PATH}2400`, at64);
golden(
  TreeConnectResponse,
  { shareType: ShareType.Pipe, maximalAccess: 0x001f00a9 },
  '1000 02 00 00000000 00000000 a9001f00',
  at64,
);
golden(
  TreeConnectResponse,
  { shareType: ShareType.Disk, shareFlags: ShareFlags.NoCaching | ShareFlags.EncryptData, maximalAccess: 0x001f01ff },
  '1000 01 00 30800000 00000000 ff011f00',
  at64,
);
// By hand from [MS-SMB2] 2.2.9.1 and 2.2.9.2.
const extension = {
  flags: TreeConnectFlags.ExtensionPresent,
  path: '\\\\127.0.0.1\\IPC',
  treeConnectContexts: [
    Object.assign(new TreeConnectContext(), {
      contextType: TreeConnectContextType.RemotedIdentity,
      data: fromHex('0100 0400'),
    }),
  ],
};
golden(
  TreeConnectRequest,
  extension,
  `0900 0400 5800 1e00 38000000 0100 00000000000000000000 ${PATH} 0000 0100 0400 00000000 01000400`,
  { headerLength: 64, dialect: Dialect.Smb311 },
);
// Below 3.1.1 the bit means nothing.
golden(TreeConnectRequest, { flags: TreeConnectFlags.ExtensionPresent, path: 'x' }, '0900 0400 4800 0200 7800', {
  headerLength: 64,
  dialect: Dialect.Smb302,
});
