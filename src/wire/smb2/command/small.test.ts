import { golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { CancelRequest } from './cancel.js';
import { CloseFlags, CloseRequest, CloseResponse } from './close.js';
import { EchoRequest, EchoResponse } from './echo.js';
import { FlushRequest, FlushResponse } from './flush.js';
import { LogoffRequest, LogoffResponse } from './logoff.js';
import { TreeDisconnectRequest, TreeDisconnectResponse } from './tree-disconnect.js';

// smbclient, smbtorture and smbd of Samba 4.17.
const at64 = { headerLength: 64 };
for (const four of [
  LogoffRequest,
  LogoffResponse,
  TreeDisconnectRequest,
  TreeDisconnectResponse,
  EchoRequest,
  EchoResponse,
  CancelRequest,
  FlushResponse,
]) {
  golden(four, {}, '0400 0000', at64);
}
const fileId = new FileId(0x867656a0, 0, 0x50fc28cb, 0);
golden(CloseRequest, { fileId }, '1800 0000 00000000 a056768600000000cb28fc5000000000', at64);
golden(CloseResponse, {}, `3c00 0000 ${'00'.repeat(56)}`, at64);
golden(FlushRequest, { fileId }, '1800 0000 00000000 a056768600000000cb28fc5000000000', at64);
// By hand from [MS-SMB2] 2.2.16.
golden(
  CloseResponse,
  {
    flags: CloseFlags.PostqueryAttrib,
    creationTime: 0x01dd7b38787134f2n,
    lastAccessTime: 0x01dd7b38787134f3n,
    lastWriteTime: 0x01dd7b38787134f4n,
    changeTime: 0x01dd7b38787134f5n,
    allocationSize: 0x100000,
    endofFile: 12,
    fileAttributes: 0x20,
  },
  `3c00 0100 00000000 f2347178387bdd01 f3347178387bdd01 f4347178387bdd01 f5347178387bdd01 0000100000000000
   0c00000000000000 20000000`,
  at64,
);
