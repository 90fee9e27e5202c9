import type { Layout } from '../../io/layout.js';

/** [MS-DFSC] 2.2.2 REQ_GET_DFS_REFERRAL. */
export class DfsGetReferralsRequest {
  maxReferralLevel = 4;
  requestFileName = '';

  layout(io: Layout): void {
    this.maxReferralLevel = io.u16('MaxReferralLevel', this.maxReferralLevel);
    this.requestFileName = io.utf16z('RequestFileName', this.requestFileName);
  }
}
