import { fromHex, golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { QueryDirectoryFlags, QueryDirectoryRequest, QueryDirectoryResponse } from './query-directory.js';

const at = { headerLength: 64 };

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `ls`.
golden(
  QueryDirectoryRequest,
  {
    fileInformationClass: 37,
    fileId: new FileId(0x635abb2f, 0, 0xe17fba89, 0),
    fileName: '*',
    outputBufferLength: 0x800000,
  },
  '2100 25 00 00000000 2fbb5a630000000089ba7fe100000000 6000 0200 00008000 2a00',
  at,
);
golden(QueryDirectoryResponse, { output: fromHex('0102') }, '0900 4800 02000000 0102', at);

// No pattern, from the table in 2.2.33.
golden(
  QueryDirectoryRequest,
  { fileInformationClass: 12, flags: QueryDirectoryFlags.RestartScans | QueryDirectoryFlags.Reopen, fileIndex: 5 },
  `2100 0c 11 05000000 ${'00'.repeat(16)} 0000 0000 00000000 00`,
  at,
);
