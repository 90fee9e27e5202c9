import type { Layout, Wire } from '#wire/io/layout.js';
import { ErrorResponse } from '#wire/smb2/command/error.js';
import { commandOf, responseIsError } from '#wire/smb2/commands.js';
import { Smb2Header } from '#wire/smb2/header.js';

/** Header and body of one SMB2 message; offsets count from the start of the header. */
export class Smb2Message implements Wire {
  header: Smb2Header = new Smb2Header();
  body: Wire | undefined;

  layout(io: Layout): void {
    this.header.layout(io);
    if (io.reading) this.body = this.#make();
    this.body?.layout(io);
  }

  #make(): Wire | undefined {
    const { command, status, isResponse } = this.header;
    const row = commandOf(command);
    if (!row) return undefined;
    if (!isResponse) return row.request();
    return responseIsError(status, command) ? new ErrorResponse(status) : row.response();
  }
}
