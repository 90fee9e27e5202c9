import { fromHex, golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { WriteRequest, WriteResponse } from './write.js';

const at = { headerLength: 64 };

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `put` of 12 bytes.
golden(
  WriteRequest,
  { fileId: new FileId(0x4c6814ba, 0, 0x24fc1fd6, 0), data: fromHex('68656c6c6f20776f726c640a') },
  `3100 7000 0c000000 0000000000000000 ba14684c00000000d61ffc2400000000 00000000 00000000 0000 0000 00000000
   68656c6c6f20776f726c640a`,
  at,
);
golden(WriteResponse, { count: 12 }, '1100 0000 0c000000 00000000 0000 0000', at);

// Channel info before the data, from the table in 2.2.21.
golden(
  WriteRequest,
  { fileId: FileId.related, channel: 2, flags: 3, writeChannelInfo: fromHex('0708'), data: fromHex('09') },
  `3100 7200 01000000 0000000000000000 ${'ff'.repeat(16)} 02000000 00000000 7000 0200 03000000 0708 09`,
  at,
);
