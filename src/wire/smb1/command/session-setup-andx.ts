import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { AndXBlock, data, optionalText, words } from '../block.js';
import { CAPABILITIES_NAMES } from './negotiate.js';

/**
 * [MS-CIFS] 2.2.4.53.1, [MS-SMB] 2.2.4.6.1 SMB_COM_SESSION_SETUP_ANDX Request. WordCount determines the form: 10 before
 * NT LM 0.12 (one password), 12 with extended security (a blob), 13 without (two passwords).
 */
export class SessionSetupAndXRequest extends AndXBlock {
  wordCount = 13;
  maxBufferSize = 0;
  maxMpxCount = 0;
  vcNumber = 0;
  sessionKey = 0;
  capabilities = 0;
  /** The only password of the form with 10 words. */
  oemPassword: Uint8Array = EMPTY;
  unicodePassword: Uint8Array = EMPTY;
  securityBlob: Uint8Array = EMPTY;
  accountName = '';
  primaryDomain = '';
  nativeOs = '';
  nativeLanMan = '';

  layout(io: Layout): void {
    const first = new Slot();
    const second = new Slot();
    this.wordCount = words(io, this.wordCount, (count) => this.#words(io, count, first, second), [10, 12, 13]);
    data(io, () => this.#bytes(io, first, second));
  }

  #words(io: Layout, count: number, first: Slot, second: Slot): void {
    this.andX(io);
    this.maxBufferSize = io.u16('MaxBufferSize', this.maxBufferSize);
    this.maxMpxCount = io.u16('MaxMpxCount', this.maxMpxCount);
    this.vcNumber = io.u16('VcNumber', this.vcNumber);
    this.sessionKey = io.u32('SessionKey', this.sessionKey);
    if (count === 10) io.length16('PasswordLength', first);
    else if (count === 12) io.length16('SecurityBlobLength', first);
    else io.length16('OEMPasswordLen', first);
    if (count === 13) io.length16('UnicodePasswordLen', second);
    io.skip('Reserved', 4);
    if (count !== 10) this.capabilities = io.flags32('Capabilities', this.capabilities, CAPABILITIES_NAMES);
  }

  #bytes(io: Layout, first: Slot, second: Slot): void {
    if (this.wordCount === 12) {
      this.securityBlob = io.bytesAt('SecurityBlob', first, this.securityBlob);
    } else {
      this.oemPassword = io.bytesAt('OEMPassword', first, this.oemPassword);
      if (this.wordCount === 13) this.unicodePassword = io.bytesAt('UnicodePassword', second, this.unicodePassword);
      this.accountName = io.text('AccountName', this.accountName);
      this.primaryDomain = io.text('PrimaryDomain', this.primaryDomain);
    }
    this.nativeOs = io.text('NativeOS', this.nativeOs);
    this.nativeLanMan = io.text('NativeLanMan', this.nativeLanMan);
    // Not part of the extended form in [MS-SMB] 2.2.4.6.1, but clients send it.
    if (this.wordCount === 12) this.primaryDomain = optionalText(io, 'PrimaryDomain', this.primaryDomain);
  }
}

/** [MS-CIFS] 2.2.4.53.2 Action. */
export const SessionSetupAction = {
  Guest: 0x0001,
  UseLanmanKey: 0x0002,
} as const;

const ACTION_NAMES: NameTable = namesOf(SessionSetupAction, 'SMB_SETUP_');

/**
 * [MS-CIFS] 2.2.4.53.2, [MS-SMB] 2.2.4.6.2 SMB_COM_SESSION_SETUP_ANDX Response: 3 words, or 4 with a security blob.
 * With STATUS_MORE_PROCESSING_REQUIRED it has the same body as on success.
 */
export class SessionSetupAndXResponse extends AndXBlock {
  wordCount = 3;
  action = 0;
  securityBlob: Uint8Array = EMPTY;
  nativeOs = '';
  nativeLanMan = '';
  primaryDomain = '';

  layout(io: Layout): void {
    const blob = new Slot();
    this.wordCount = words(
      io,
      this.wordCount,
      (count) => {
        this.andX(io);
        this.action = io.flags16('Action', this.action, ACTION_NAMES);
        if (count === 4) io.length16('SecurityBlobLength', blob);
      },
      [3, 4],
    );
    data(io, () => {
      if (this.wordCount === 4) this.securityBlob = io.bytesAt('SecurityBlob', blob, this.securityBlob);
      this.nativeOs = io.text('NativeOS', this.nativeOs);
      this.nativeLanMan = io.text('NativeLanMan', this.nativeLanMan);
      this.primaryDomain = optionalText(io, 'PrimaryDomain', this.primaryDomain);
    });
  }
}
