import { fromHex, golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { InfoType, SecurityInformation } from './info-type.js';
import { SetInfoRequest, SetInfoResponse } from './set-info.js';

const at = { headerLength: 64 };
const RENAME = '0000000000000000 0000000000000000 0e000000 7500700032002e00740078007400';

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `rename up.txt up2.txt`.
golden(
  SetInfoRequest,
  { fileInfoClass: 10, fileId: new FileId(0x2b0ac78f, 0, 0xfd044dd7, 0), buffer: fromHex(RENAME) },
  `2100 01 0a 22000000 6000 0000 00000000 8fc70a2b00000000d74d04fd00000000 ${RENAME}`,
  at,
);
golden(SetInfoResponse, {}, '0200', at);
golden(
  SetInfoRequest,
  { infoType: InfoType.Security, additionalInformation: SecurityInformation.Dacl },
  `2100 03 00 00000000 0000 0000 04000000 ${'00'.repeat(16)} 00`,
  at,
);
