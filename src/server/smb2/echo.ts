import { EchoResponse } from '#wire/smb2/command/echo.js';

/** [MS-SMB2] 3.3.5.17. */
export function echo(): EchoResponse {
  return new EchoResponse();
}
