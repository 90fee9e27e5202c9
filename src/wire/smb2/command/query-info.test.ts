import { fromHex, golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { InfoType, SecurityInformation } from './info-type.js';
import { QueryInfoRequest, QueryInfoResponse } from './query-info.js';

const at = { headerLength: 64 };

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `allinfo up.txt` asks for the alternate name.
golden(
  QueryInfoRequest,
  { fileInfoClass: 21, outputBufferLength: 0xffff, fileId: new FileId(0xbbfe3a4e, 0, 0x8579a5ac, 0) },
  `2900 01 15 ffff0000 0000 0000 00000000 00000000 00000000 4e3afebb00000000aca5798500000000 00`,
  at,
);
golden(
  QueryInfoResponse,
  { output: fromHex('0c000000 750070002e00740078007400') },
  '0900 4800 10000000 0c000000 750070002e00740078007400',
  { ...at },
);
// The streams of a directory: none.
golden(QueryInfoResponse, {}, '0900 4800 00000000', at);

// With an input buffer, from the table in 2.2.37.
golden(
  QueryInfoRequest,
  {
    infoType: InfoType.Security,
    additionalInformation: SecurityInformation.Owner | SecurityInformation.Dacl,
    flags: 1,
    input: fromHex('0a0b'),
  },
  `2900 03 00 00000000 6800 0000 02000000 05000000 01000000 ${'00'.repeat(16)} 0a0b`,
  at,
);
