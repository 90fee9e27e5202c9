import type { Layout, Wire } from '../../io/layout.js';

/** [MS-CIFS] 2.2.7.2.1 NT_TRANSACT_IOCTL Request, its setup. The response's data depends on the control code. */
export class IoctlSetup implements Wire {
  functionCode = 0;
  fid = 0;
  /** 1 for a file system control, 0 for a device control. */
  isFctl = 0;
  /** Bit 0: applies to the root of the share rather than the file. */
  isFlags = 0;

  layout(io: Layout): void {
    this.functionCode = io.u32('FunctionCode', this.functionCode);
    this.fid = io.u16('FID', this.fid);
    this.isFctl = io.u8('IsFctl', this.isFctl);
    this.isFlags = io.u8('IsFlags', this.isFlags);
  }
}
