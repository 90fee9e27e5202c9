import { fromHex, golden } from '#testing/golden.js';
import { Fsctl } from '../../fscc/fsctl/fsctl.js';
import { FileId } from '../../io/file-id.js';
import { IoctlRequest, IoctlResponse } from './ioctl.js';

const at = { headerLength: 64 };
const fileId = new FileId(0xe0603f82, 0, 0xb026bdb3, 0);

// smbtorture 4.17.12 and smbd 4.17.12, dialect 3.1.1: smb2.ioctl.sparse_qar.
golden(
  IoctlRequest,
  {
    ctlCode: Fsctl.QueryAllocatedRanges,
    fileId,
    maxOutputResponse: 1024,
    input: fromHex('0000000000000000 0020000000000000'),
  },
  `3900 0000 cf400900 823f60e000000000b3bd26b000000000 78000000 10000000 00000000 00000000 00000000 00040000
   01000000 00000000 0000000000000000 0020000000000000`,
  at,
);
golden(
  IoctlResponse,
  { ctlCode: Fsctl.QueryAllocatedRanges, fileId, output: fromHex('0010000000000000 0040000000000000') },
  `3100 0000 cf400900 823f60e000000000b3bd26b000000000 70000000 00000000 70000000 10000000 00000000 00000000
   0010000000000000 0040000000000000`,
  at,
);
golden(
  IoctlResponse,
  { ctlCode: Fsctl.SetSparse, fileId },
  '3100 0000 c4000900 823f60e000000000b3bd26b000000000 70000000 00000000 70000000 00000000 00000000 00000000',
  at,
);

// smbclient 4.17.12: `allinfo` asks for snapshots with no input at all.
golden(
  IoctlRequest,
  {
    ctlCode: Fsctl.SrvEnumerateSnapshots,
    fileId: new FileId(0xbbb32de7, 0, 0x8f71ede0, 0),
    maxOutputResponse: 16,
  },
  `3900 0000 64401400 e72db3bb00000000e0ed718f00000000 00000000 00000000 00000000 00000000 00000000 10000000
   01000000 00000000 00`,
  at,
);

// Both buffers, the second on an 8-byte boundary.
golden(
  IoctlResponse,
  { ctlCode: 1, input: fromHex('aabb'), output: fromHex('cc') },
  `3100 0000 01000000 ${'ff'.repeat(16)} 70000000 02000000 78000000 01000000 00000000 00000000 aabb000000000000 cc`,
  at,
);
