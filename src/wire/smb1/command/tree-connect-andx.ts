import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { AndXBlock, data, optionalText, words } from '../block.js';

/** [MS-CIFS] 2.2.4.55.1, [MS-SMB] 2.2.4.7.1 Flags. */
export const TreeConnectFlags = {
  DisconnectTid: 0x0001,
  ExtendedSignatures: 0x0004,
  ExtendedResponse: 0x0008,
} as const;

/** [MS-CIFS] 2.2.4.55.2, [MS-SMB] 2.2.4.7.2 OptionalSupport. */
export const OptionalSupport = {
  SupportSearchBits: 0x0001,
  ShareIsInDfs: 0x0002,
  CscMask: 0x000c,
  UniqueFileName: 0x0010,
  ExtendedSignatures: 0x0020,
} as const;

/** [MS-CIFS] 2.2.4.55.1 Service strings. */
export const Service = {
  Disk: 'A:',
  Printer: 'LPT1:',
  NamedPipe: 'IPC',
  Comm: 'COMM',
  Any: '?????',
} as const;

const FLAG_NAMES: NameTable = namesOf(TreeConnectFlags, 'TREE_CONNECT_ANDX_');
const SUPPORT_NAMES: NameTable = namesOf(OptionalSupport, 'SMB_');

/** [MS-CIFS] 2.2.4.55.1 SMB_COM_TREE_CONNECT_ANDX Request. */
export class TreeConnectAndXRequest extends AndXBlock {
  flags = 0;
  password: Uint8Array = EMPTY;
  path = '';
  service: string = Service.Any;

  layout(io: Layout): void {
    const password = new Slot();
    words(io, 4, () => {
      this.andX(io);
      this.flags = io.flags16('Flags', this.flags, FLAG_NAMES);
      io.length16('PasswordLength', password);
    });
    data(io, () => {
      this.password = io.bytesAt('Password', password, this.password);
      this.path = io.text('Path', this.path);
      this.service = io.oem('Service', this.service);
    });
  }
}

/**
 * [MS-CIFS] 2.2.4.55.2, [MS-SMB] 2.2.4.7.2 SMB_COM_TREE_CONNECT_ANDX Response: 2 words before NT LM 0.12, 3 words, or
 * 7 with access rights. The TID is in the header.
 */
export class TreeConnectAndXResponse extends AndXBlock {
  wordCount = 3;
  optionalSupport = 0;
  maximalShareAccessRights = 0;
  guestMaximalShareAccessRights = 0;
  service: string = Service.Disk;
  nativeFileSystem = '';

  layout(io: Layout): void {
    this.wordCount = words(
      io,
      this.wordCount,
      (count) => {
        this.andX(io);
        if (count >= 3) this.optionalSupport = io.flags16('OptionalSupport', this.optionalSupport, SUPPORT_NAMES);
        if (count < 7) return;
        this.maximalShareAccessRights = io.u32('MaximalShareAccessRights', this.maximalShareAccessRights);
        this.guestMaximalShareAccessRights = io.u32(
          'GuestMaximalShareAccessRights',
          this.guestMaximalShareAccessRights,
        );
      },
      [2, 3, 7],
    );
    data(io, () => {
      this.service = io.oem('Service', this.service);
      // Samba writes the name even if empty; before NT LM 0.12 there is none.
      if (this.wordCount > 2) this.nativeFileSystem = io.text('NativeFileSystem', this.nativeFileSystem);
      else this.nativeFileSystem = optionalText(io, 'NativeFileSystem', this.nativeFileSystem);
    });
  }
}
