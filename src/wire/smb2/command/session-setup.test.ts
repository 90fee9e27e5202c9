import { fromHex, golden } from '#testing/golden.js';
import { SessionFlags, SessionSetupFlags, SessionSetupRequest, SessionSetupResponse } from './session-setup.js';

const at64 = { headerLength: 64 };
const TOKEN = `604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a04284e544c4d535350000100000015820862
  00000000280000000000000028000000060100000000000f`;

// smbclient of Samba 4.17 at 2.0.2.
golden(
  SessionSetupRequest,
  { securityMode: 1, capabilities: 1, securityBuffer: fromHex(TOKEN) },
  `1900 00 01 01000000 00000000 5800 4a00 0000000000000000 ${TOKEN}`,
  at64,
);
// smbd of Samba 4.17 at 2.0.2: log-on done.
golden(
  SessionSetupResponse,
  { securityBuffer: fromHex('a11b3019a0030a0100a312041001000000e9f4781a20202c3200000000') },
  '0900 0000 4800 1d00 a11b3019a0030a0100a312041001000000e9f4781a20202c3200000000',
  at64,
);
// By hand from [MS-SMB2] 2.2.5 and 2.2.6.
golden(
  SessionSetupRequest,
  { flags: SessionSetupFlags.Binding, securityMode: 2, previousSessionId: 0xffff_0000_0000_0001n },
  '1900 01 02 00000000 00000000 5800 0000 010000000000ffff',
  at64,
);
golden(SessionSetupResponse, { sessionFlags: SessionFlags.IsGuest }, '0900 0100 4800 0000', at64);
