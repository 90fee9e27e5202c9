import type { Layout } from '../io/layout.js';
import { serverTypeNames } from '../rpc/srvsvc/server-info.js';

/** [MS-RAP] 2.5.6.1 NetServerGetInfoRequest, after the descriptors `WrLh` and `B16` or `B16BBDz`. */
export class NetServerGetInfoRequest {
  infoLevel = 0;
  receiveBufferSize = 0;

  layout(io: Layout): void {
    this.infoLevel = io.u16('InfoLevel', this.infoLevel);
    this.receiveBufferSize = io.u16('ReceiveBufferSize', this.receiveBufferSize);
  }
}

/** [MS-RAP] 2.5.6.2 NetServerGetInfoResponse, its parameters. */
export class NetServerGetInfoResponse {
  /** `NetApiStatus`. */
  win32ErrorCode = 0;
  converter = 0;
  totalBytesAvailable = 0;

  layout(io: Layout): void {
    this.win32ErrorCode = io.u16('Win32ErrorCode', this.win32ErrorCode);
    this.converter = io.u16('Converter', this.converter);
    this.totalBytesAvailable = io.u16('TotalBytesAvailable', this.totalBytesAvailable);
  }
}

const NAME_BYTES = 16;

/** [MS-RAP] 2.5.6.4.1, 2.5.6.4.2 NetServerInfo0 and NetServerInfo1. */
export class RapServerInfo {
  level: number;
  name = '';
  versionMajor = 0;
  versionMinor = 0;
  type = 0;
  comment = '';

  constructor(level = 1) {
    this.level = level;
  }

  layout(io: Layout): void {
    const padded = Uint8Array.from({ length: NAME_BYTES }, (_, i) => this.name.charCodeAt(i) & 0xff);
    const name = io.bytes('ServerName', NAME_BYTES, padded);
    this.name = String.fromCharCode(...name).replace(/\0.*$/s, '');
    if (this.level === 0) return;
    this.versionMajor = io.u8('MajorVersion', this.versionMajor);
    this.versionMinor = io.u8('MinorVersion', this.versionMinor);
    this.type = io.flags32('ServerType', this.type, serverTypeNames);
    // Offset of the comment in the data, as the converter is 0.
    io.u16('ServerCommentOffset', io.at + 4);
    io.u16('ServerCommentReserved', 0);
    this.comment = io.oem('ServerComment', this.comment);
  }
}
