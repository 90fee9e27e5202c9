import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { type NameTable, namesOf } from '../io/names.js';
import { decodeUtf16, writeUtf16 } from '../io/utf16.js';

/** [MS-DFSC] 2.2.5.3 ReferralEntryFlags, of V3 and V4. */
export const ReferralEntryFlags = {
  NameListReferral: 0x0002,
  TargetSetBoundary: 0x0004,
} as const;

const referralEntryFlagNames: NameTable = namesOf(ReferralEntryFlags);

/** [MS-DFSC] 2.2.5 ServerType. */
export const DfsServerType = { NonRoot: 0x0000, Root: 0x0001 } as const;

const serverTypeNames: NameTable = namesOf(DfsServerType);

const FIXED = 8;
const NO_SITE: Uint8Array = new Uint8Array(16);

/** The strings after the entries. Offsets count from the start of the entry that refers to them. */
export class StringBuffer {
  bytes: Uint8Array;
  /** Distance from the start of the current entry to the strings. */
  base: number;

  constructor(bytes: Uint8Array, base: number) {
    this.bytes = bytes;
    this.base = base;
  }

  /** Reads a string; empty if the offset is 0. */
  text(field: string, offset: number): string {
    if (offset === 0) return '';
    const at = offset - this.base;
    if (at < 0 || at >= this.bytes.length) throw new Malformed(field, offset, 'is not among the strings');
    let end = at;
    while (end + 1 < this.bytes.length && (this.bytes[end] !== 0 || this.bytes[end + 1] !== 0)) end += 2;
    return decodeUtf16(this.bytes.subarray(at, end));
  }

  /** Adds a string and returns its offset. */
  add(text: string): number {
    const at = this.bytes.length;
    const longer = new Uint8Array(at + text.length * 2 + 2);
    longer.set(this.bytes);
    writeUtf16(text, longer, at);
    this.bytes = longer;
    return this.base + at;
  }

  /** Offset just after a string. */
  behind(offset: number, text: string): number {
    return offset + text.length * 2 + 2;
  }
}

/** [MS-DFSC] 2.2.5.1 to 2.2.5.4 DFS_REFERRAL_V1 to DFS_REFERRAL_V4. */
export class DfsReferral implements Wire {
  versionNumber = 3;
  /** Size of the entry without its strings, which only V1 contains directly. */
  size = 0;
  serverType = 0;
  referralEntryFlags = 0;
  /** V2 only. */
  proximity = 0;
  /** Seconds. */
  timeToLive = 0;
  dfsPathOffset = 0;
  dfsAlternatePathOffset = 0;
  networkAddressOffset = 0;
  specialNameOffset = 0;
  numberOfExpandedNames = 0;
  expandedNameOffset = 0;
  serviceSiteGuid: Uint8Array = NO_SITE;
  /** The DFS root or link, and (`dfsAlternatePath`) the same with an 8.3 name. */
  dfsPath = '';
  dfsAlternatePath = '';
  /** `\server\share\path` of a target; the only string of V1. */
  networkAddress = '';
  /** In a name list referral: a domain, and its controllers. */
  specialName = '';
  expandedNames: string[] = [];

  get isNameList(): boolean {
    return this.versionNumber > 2 && (this.referralEntryFlags & ReferralEntryFlags.NameListReferral) !== 0;
  }

  layout(io: Layout): void {
    const start = io.at;
    this.versionNumber = io.u16('VersionNumber', this.versionNumber);
    this.size = io.u16('Size', this.size);
    this.serverType = io.u16('ServerType', this.serverType, serverTypeNames);
    this.referralEntryFlags = io.flags16('ReferralEntryFlags', this.referralEntryFlags, referralEntryFlagNames);
    if (this.versionNumber === 1) this.networkAddress = io.utf16z('ShareName', this.networkAddress);
    else if (this.versionNumber <= 4) this.#offsets(io);
    if (this.size < io.at - start) throw new Malformed('Size', start + 2, `is ${this.size}, too small`);
    io.skip('Padding', start + this.size - io.at);
  }

  #offsets(io: Layout): void {
    if (this.versionNumber === 2) this.proximity = io.u32('Proximity', this.proximity);
    this.timeToLive = io.u32('TimeToLive', this.timeToLive);
    if (this.isNameList) {
      this.specialNameOffset = io.u16('SpecialNameOffset', this.specialNameOffset);
      this.numberOfExpandedNames = io.u16('NumberOfExpandedNames', this.numberOfExpandedNames);
      this.expandedNameOffset = io.u16('ExpandedNameOffset', this.expandedNameOffset);
      return;
    }
    this.dfsPathOffset = io.u16('DFSPathOffset', this.dfsPathOffset);
    this.dfsAlternatePathOffset = io.u16('DFSAlternatePathOffset', this.dfsAlternatePathOffset);
    this.networkAddressOffset = io.u16('NetworkAddressOffset', this.networkAddressOffset);
    if (this.versionNumber > 2) this.serviceSiteGuid = io.bytes('ServiceSiteGuid', 16, this.serviceSiteGuid);
  }

  /** Reads the strings that the offsets refer to. */
  resolve(strings: StringBuffer): void {
    this.dfsPath = strings.text('DFSPathOffset', this.dfsPathOffset);
    this.dfsAlternatePath = strings.text('DFSAlternatePathOffset', this.dfsAlternatePathOffset);
    if (this.versionNumber !== 1) {
      this.networkAddress = strings.text('NetworkAddressOffset', this.networkAddressOffset);
    }
    this.specialName = strings.text('SpecialNameOffset', this.specialNameOffset);
    let at = this.expandedNameOffset;
    for (let left = this.numberOfExpandedNames; left > 0; left--) {
      const name = strings.text('ExpandedNameOffset', at);
      this.expandedNames.push(name);
      at = strings.behind(at, name);
    }
  }

  /** Computes, sets and returns the size of the entry. */
  sizeWritten(): number {
    const long = this.isNameList ? 18 : 34;
    if (this.versionNumber === 1) this.size = FIXED + this.networkAddress.length * 2 + 2;
    else this.size = this.versionNumber === 2 ? 22 : long;
    return this.size;
  }

  /** Places the strings after the entries. */
  place(strings: StringBuffer): void {
    if (this.versionNumber === 1) return;
    if (this.isNameList) {
      this.specialNameOffset = strings.add(this.specialName);
      this.numberOfExpandedNames = this.expandedNames.length;
      this.expandedNameOffset = 0;
      for (const name of this.expandedNames) {
        const at = strings.add(name);
        this.expandedNameOffset ||= at;
      }
      return;
    }
    this.dfsPathOffset = strings.add(this.dfsPath);
    this.dfsAlternatePathOffset = strings.add(this.dfsAlternatePath);
    this.networkAddressOffset = strings.add(this.networkAddress);
  }
}
