import { fromHex, golden } from '#testing/golden.js';
import { CompletionFilter } from '../../fscc/notify.js';
import { FileId } from '../../io/file-id.js';
import { ChangeNotifyFlags, ChangeNotifyRequest, ChangeNotifyResponse } from './change-notify.js';

const at = { headerLength: 64 };

// smbtorture 4.17.12 and smbd 4.17.12, dialect 3.1.1: smb2.notify.dir.
golden(
  ChangeNotifyRequest,
  {
    flags: ChangeNotifyFlags.WatchTree,
    outputBufferLength: 1000,
    fileId: new FileId(0xb215db21, 0, 0x6c396507, 0),
    completionFilter: CompletionFilter.FileName | CompletionFilter.DirName,
  },
  '2000 0100 e8030000 21db15b2000000000765396c00000000 03000000 00000000',
  at,
);
const CHANGES = '00000000 01000000 16000000 7300750062006400690072002d006e0061006d006500 0000';
golden(ChangeNotifyResponse, { output: fromHex(CHANGES) }, `0900 4800 24000000 ${CHANGES}`, at);
golden(ChangeNotifyResponse, {}, '0900 4800 00000000', at);
