import { Decoder, EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { Malformed } from '../../io/malformed.js';
import { type NameTable, namesOf } from '../../io/names.js';

/** [MS-DFSC] 2.2.4 ReferralHeaderFlags. */
export const ReferralHeaderFlags = {
  ReferralServers: 0x1,
  StorageServers: 0x2,
  TargetFailback: 0x4,
} as const;

const FLAG_NAMES: NameTable = namesOf(ReferralHeaderFlags);

/** [MS-CIFS] 2.2.6.16.1 TRANS2_GET_DFS_REFERRAL Request: [MS-DFSC] 2.2.2 REQ_GET_DFS_REFERRAL in the parameters. */
export class GetDfsReferralRequest implements Wire {
  maxReferralLevel = 4;
  requestFileName = '';

  layout(io: Layout): void {
    this.maxReferralLevel = io.u16('MaxReferralLevel', this.maxReferralLevel);
    this.requestFileName = io.utf16z('RequestFileName', this.requestFileName);
  }
}

/** [MS-DFSC] 2.2.5 DFS_REFERRAL_V1 to V4. */
export class DfsReferral implements Wire {
  versionNumber = 0;
  size = 0;
  serverType = 0;
  referralEntryFlags = 0;
  /** V2 only. */
  proximity = 0;
  /** Seconds. */
  timeToLive = 0;
  dfsPath = '';
  dfsAlternatePath = '';
  /** V1: the share name. */
  networkAddress = '';

  /** Reading only: the strings lie behind all entries, at offsets from the start of the entry. */
  layout(io: Layout): void {
    const start = io.at;
    this.versionNumber = io.u16('VersionNumber', this.versionNumber);
    this.size = io.u16('Size', this.size);
    this.serverType = io.u16('ServerType', this.serverType);
    this.referralEntryFlags = io.u16('ReferralEntryFlags', this.referralEntryFlags);
    if (this.versionNumber === 1) this.networkAddress = io.utf16z('ShareName', this.networkAddress);
    else if (this.versionNumber <= 4) this.#offsets(io, start);
    if (this.size < io.at - start) throw new Malformed('Size', start + 2, `is ${this.size}, too small`);
    io.skip('Rest', start + this.size - io.at);
  }

  #offsets(io: Layout, start: number): void {
    if (this.versionNumber === 2) this.proximity = io.u32('Proximity', this.proximity);
    this.timeToLive = io.u32('TimeToLive', this.timeToLive);
    // NameListReferral: names of a domain, not of a target.
    if (this.versionNumber > 2 && (this.referralEntryFlags & 2) !== 0) return;
    const path = io.u16('DFSPathOffset', 0);
    const alternate = io.u16('DFSAlternatePathOffset', 0);
    const address = io.u16('NetworkAddressOffset', 0);
    this.dfsPath = stringAt(io, start + path);
    this.dfsAlternatePath = stringAt(io, start + alternate);
    this.networkAddress = stringAt(io, start + address);
  }
}

function stringAt(io: Layout, at: number): string {
  if (!(io instanceof Decoder)) return '';
  const from = io.base + at;
  if (from >= io.end) throw new Malformed('DFSPathOffset', at, 'past the end');
  const text = new Decoder().reset(io.chunk, from, io.end);
  return text.utf16z('Name', '');
}

/** [MS-DFSC] 2.2.4 RESP_GET_DFS_REFERRAL, the data of the response. Reading only. */
export class GetDfsReferralResponse implements Wire {
  pathConsumed = 0;
  referralHeaderFlags = 0;
  referralEntries: DfsReferral[] = [];
  stringBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.pathConsumed = io.u16('PathConsumed', this.pathConsumed);
    const count = io.u16('NumberOfReferrals', this.referralEntries.length);
    this.referralHeaderFlags = io.flags32('ReferralHeaderFlags', this.referralHeaderFlags, FLAG_NAMES);
    this.referralEntries = io.list('ReferralEntries', count, this.referralEntries, () => new DfsReferral());
    this.stringBuffer = io.rest('StringBuffer', this.stringBuffer);
  }
}
