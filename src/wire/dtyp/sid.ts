import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';

const MAX_SUB_AUTHORITIES = 15;
const TEXT = /^S-1-(\d{1,15}|0x[0-9a-f]{1,12})((?:-\d{1,10})*)$/i;

/** [MS-DTYP] 2.4.2.2 SID, and 2.4.2.1 as text: `S-1-5-21-1-2-3-500`. */
export class Sid implements Wire {
  revision = 1;
  /** 48 bits, the first field of the text form. */
  identifierAuthority = 0;
  subAuthority: number[] = [];

  /** Parses the text form; undefined if it is not a SID. */
  static tryParse(text: string): Sid | undefined {
    const found = TEXT.exec(text);
    if (found === null) return undefined;
    const sid = new Sid();
    sid.identifierAuthority = Number(found[1]);
    sid.subAuthority = (found[2] ?? '').split('-').slice(1).map(Number);
    const fits =
      sid.identifierAuthority < 2 ** 48 &&
      sid.subAuthority.length <= MAX_SUB_AUTHORITIES &&
      sid.subAuthority.every((part) => part < 2 ** 32);
    return fits ? sid : undefined;
  }

  static parse(text: string): Sid {
    const sid = Sid.tryParse(text);
    if (sid === undefined) throw new RangeError(`not a SID: ${text}`);
    return sid;
  }

  /** Bytes on the wire. */
  get size(): number {
    return 8 + this.subAuthority.length * 4;
  }

  /** The last subauthority, which identifies the account in its domain; -1 for none. */
  get rid(): number {
    return this.subAuthority.at(-1) ?? -1;
  }

  /** This SID with another subauthority appended. */
  child(rid: number): Sid {
    const sid = new Sid();
    sid.identifierAuthority = this.identifierAuthority;
    sid.subAuthority = [...this.subAuthority, rid];
    return sid;
  }

  equals(other: Sid): boolean {
    return (
      this.identifierAuthority === other.identifierAuthority &&
      this.subAuthority.length === other.subAuthority.length &&
      this.subAuthority.every((part, i) => part === other.subAuthority[i])
    );
  }

  toString(): string {
    const authority = this.identifierAuthority;
    const first = authority < 2 ** 32 ? String(authority) : `0x${authority.toString(16).padStart(12, '0')}`;
    return ['S', this.revision, first, ...this.subAuthority].join('-');
  }

  layout(io: Layout): void {
    this.revision = io.u8('Revision', this.revision);
    const count = io.u8('SubAuthorityCount', this.subAuthority.length);
    if (count > MAX_SUB_AUTHORITIES) throw new Malformed('SubAuthorityCount', io.at - 1, `is ${count}, at most 15`);
    const high = io.u16be('IdentifierAuthorityHigh', Math.floor(this.identifierAuthority / 2 ** 32));
    this.identifierAuthority = high * 2 ** 32 + io.u32be('IdentifierAuthority', this.identifierAuthority % 2 ** 32);
    const parts: number[] = [];
    for (let i = 0; i < count; i++) parts.push(io.u32(`SubAuthority[${i}]`, this.subAuthority[i] ?? 0));
    this.subAuthority = parts;
  }
}
