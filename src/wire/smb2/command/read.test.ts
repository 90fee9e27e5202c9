import { fromHex, golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { ReadRequest, ReadResponse } from './read.js';

const at = { headerLength: 64 };

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `get` of 12 bytes.
golden(
  ReadRequest,
  { length: 12, fileId: new FileId(0xdbcba55f, 0, 0x49a8cdf2, 0) },
  '3100 00 00 0c000000 0000000000000000 5fa5cbdb00000000f2cda84900000000 00000000 00000000 00000000 0000 0000 00',
  at,
);
golden(
  ReadResponse,
  { data: fromHex('68656c6c6f20776f726c640a') },
  '1100 50 00 0c000000 00000000 00000000 68656c6c6f20776f726c640a',
  at,
);
golden(ReadResponse, { flags: 1 }, '1100 50 00 00000000 00000000 01000000', at);

// Channel info, from the table in 2.2.19.
golden(
  ReadRequest,
  {
    padding: 0x50,
    length: 1,
    offset: 2,
    fileId: FileId.related,
    channel: 1,
    readChannelInfo: new Uint8Array(16).fill(7),
  },
  `3100 50 00 01000000 0200000000000000 ${'ff'.repeat(16)} 00000000 01000000 00000000 7000 1000 ${'07'.repeat(16)}`,
  at,
);
