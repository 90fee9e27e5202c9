import { EMPTY } from '../io/decoder.js';
import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { type NameTable, namesOf } from '../io/names.js';
import { DfsReferral, StringBuffer } from './dfs-referral.js';

/** [MS-DFSC] 2.2.4 ReferralHeaderFlags. */
export const ReferralHeaderFlags = {
  ReferralServers: 0x1,
  StorageServers: 0x2,
  TargetFailback: 0x4,
} as const;

const referralHeaderFlagNames: NameTable = namesOf(ReferralHeaderFlags);

/** [MS-DFSC] 2.2.2 REQ_GET_DFS_REFERRAL. */
export class GetDfsReferralRequest implements Wire {
  maxReferralLevel = 4;
  /** `\server\share\path`; empty to ask for the domains that the server knows. */
  requestFileName = '';

  layout(io: Layout): void {
    this.maxReferralLevel = io.u16('MaxReferralLevel', this.maxReferralLevel);
    this.requestFileName = io.utf16z('RequestFileName', this.requestFileName);
  }
}

/** [MS-DFSC] 2.2.4 RESP_GET_DFS_REFERRAL. */
export class GetDfsReferralResponse implements Wire {
  /** Bytes of the requested path that the referral covers. */
  pathConsumed = 0;
  referralHeaderFlags = 0;
  referralEntries: DfsReferral[] = [];
  /** The strings of the entries, as received. */
  stringBuffer: Uint8Array = EMPTY;

  layout(io: Layout): void {
    if (!io.reading) this.#place();
    const start = io.at;
    this.pathConsumed = io.u16('PathConsumed', this.pathConsumed);
    const count = io.u16('NumberOfReferrals', this.referralEntries.length);
    if (count > MAX_ENTRIES) throw new Malformed('NumberOfReferrals', start + 2, `is ${count}`);
    this.referralHeaderFlags = io.flags32('ReferralHeaderFlags', this.referralHeaderFlags, referralHeaderFlagNames);
    this.referralEntries = io.list('ReferralEntries', count, this.referralEntries, () => new DfsReferral());
    const strings = io.at;
    this.stringBuffer = io.rest('StringBuffer', this.stringBuffer);
    if (!io.reading) return;
    let at = start + HEADER_SIZE;
    for (const entry of this.referralEntries) {
      entry.resolve(new StringBuffer(this.stringBuffer, strings - at));
      at += entry.size;
    }
  }

  /** Lays out the strings after the entries. */
  #place(): void {
    let left = this.referralEntries.reduce((sum, entry) => sum + entry.sizeWritten(), 0);
    const buffer = new StringBuffer(EMPTY, 0);
    for (const entry of this.referralEntries) {
      buffer.base = left;
      entry.place(buffer);
      left -= entry.size;
    }
    this.stringBuffer = buffer.bytes;
  }
}

const HEADER_SIZE = 8;
/** Far more than any link has; a limit is needed because every entry may refer to all of the strings. */
const MAX_ENTRIES = 256;
