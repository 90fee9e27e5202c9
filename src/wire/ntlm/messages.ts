import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { Slot } from '../io/slot.js';
import { NegotiateFlag, negotiateFlagNames } from './negotiate-flags.js';
import { messageStart, payload, pointer, roomBeforePayload, textAt } from './payload.js';
import { Version } from './version.js';

const ZERO8: Uint8Array = new Uint8Array(8);
const ZERO16: Uint8Array = new Uint8Array(16);

/** [MS-NLMP] 2.2.1.1 NEGOTIATE_MESSAGE. */
export class NegotiateMessage {
  negotiateFlags = 0;
  domainName = '';
  workstationName = '';
  hasVersion = true;
  version: Version = new Version();
  payloadOrder: readonly number[] = [];

  layout(io: Layout): void {
    messageStart(io, 1);
    this.negotiateFlags = io.flags32('NegotiateFlags', this.negotiateFlags, negotiateFlagNames);
    // Messages of old clients end here.
    if (io.reading && io.left < 16) {
      this.hasVersion = false;
      return;
    }
    const domain = pointer(io, 'DomainName');
    const workstation = pointer(io, 'Workstation');
    if (io.reading) this.hasVersion = roomBeforePayload(io, [domain, workstation]) >= 8;
    if (this.hasVersion) this.version = io.struct('Version', this.version);
    const parts = [
      { slot: domain, layout: () => this.#domain(io, domain) },
      { slot: workstation, layout: () => this.#workstation(io, workstation) },
    ];
    this.payloadOrder = payload(io, parts, this.payloadOrder);
  }

  #domain(io: Layout, slot: Slot): void {
    this.domainName = textAt(io, 'DomainName', slot, false, this.domainName);
  }
  #workstation(io: Layout, slot: Slot): void {
    this.workstationName = textAt(io, 'WorkstationName', slot, false, this.workstationName);
  }
}

/** [MS-NLMP] 2.2.1.2 CHALLENGE_MESSAGE. */
export class ChallengeMessage {
  negotiateFlags = 0;
  serverChallenge: Uint8Array = ZERO8;
  targetName = '';
  /** AV_PAIRs as sent, which the client hashes. */
  targetInfo: Uint8Array = EMPTY;
  hasVersion = true;
  version: Version = new Version();
  payloadOrder: readonly number[] = [0, 1];

  layout(io: Layout): void {
    messageStart(io, 2);
    const target = pointer(io, 'TargetName');
    this.negotiateFlags = io.flags32('NegotiateFlags', this.negotiateFlags, negotiateFlagNames);
    this.serverChallenge = io.bytes('ServerChallenge', 8, this.serverChallenge);
    // NT 4 sends neither context nor target information.
    const short = io.reading && roomBeforePayload(io, [target]) < 16;
    if (!short) io.skip('Reserved', 8);
    const info = short ? new Slot() : pointer(io, 'TargetInfo');
    if (short) info.offset = info.length = 0;
    if (io.reading) this.hasVersion = !short && roomBeforePayload(io, [target, info]) >= 8;
    if (this.hasVersion) this.version = io.struct('Version', this.version);
    const unicode = (this.negotiateFlags & NegotiateFlag.Unicode) !== 0;
    const parts = [
      { slot: target, layout: () => this.#target(io, target, unicode) },
      { slot: info, layout: () => this.#info(io, info) },
    ];
    this.payloadOrder = payload(io, parts, this.payloadOrder);
  }

  #target(io: Layout, slot: Slot, unicode: boolean): void {
    this.targetName = textAt(io, 'TargetName', slot, unicode, this.targetName);
  }
  #info(io: Layout, slot: Slot): void {
    this.targetInfo = io.bytesAt('TargetInfo', slot, this.targetInfo);
  }
}

/** [MS-NLMP] 2.2.1.3 AUTHENTICATE_MESSAGE. */
export class AuthenticateMessage {
  negotiateFlags = 0;
  lmChallengeResponse: Uint8Array = EMPTY;
  ntChallengeResponse: Uint8Array = EMPTY;
  domainName = '';
  userName = '';
  workstation = '';
  encryptedRandomSessionKey: Uint8Array = EMPTY;
  hasVersion = true;
  version: Version = new Version();
  hasMic = true;
  mic: Uint8Array = ZERO16;
  /** Domain, user, workstation, LM, NT, key: the order used by Windows. */
  payloadOrder: readonly number[] = [2, 3, 4, 0, 1, 5];

  layout(io: Layout): void {
    messageStart(io, 3);
    const lm = pointer(io, 'LmChallengeResponse');
    const nt = pointer(io, 'NtChallengeResponse');
    const domain = pointer(io, 'DomainName');
    const user = pointer(io, 'UserName');
    const workstation = pointer(io, 'Workstation');
    const key = pointer(io, 'EncryptedRandomSessionKey');
    this.negotiateFlags = io.flags32('NegotiateFlags', this.negotiateFlags, negotiateFlagNames);
    if (io.reading) {
      const room = roomBeforePayload(io, [lm, nt, domain, user, workstation, key]);
      this.hasVersion = room >= 8;
      this.hasMic = room >= 24;
    }
    if (this.hasVersion) this.version = io.struct('Version', this.version);
    if (this.hasMic) this.mic = io.bytes('MIC', 16, this.mic);
    this.payloadOrder = payload(io, this.#parts(io, [lm, nt, domain, user, workstation, key]), this.payloadOrder);
  }

  #parts(io: Layout, slots: readonly Slot[]): { slot: Slot; layout: () => void }[] {
    const unicode = (this.negotiateFlags & NegotiateFlag.Unicode) !== 0;
    const steps: ((slot: Slot) => void)[] = [
      (slot) => {
        this.lmChallengeResponse = io.bytesAt('LmChallengeResponse', slot, this.lmChallengeResponse);
      },
      (slot) => {
        this.ntChallengeResponse = io.bytesAt('NtChallengeResponse', slot, this.ntChallengeResponse);
      },
      (slot) => {
        this.domainName = textAt(io, 'DomainName', slot, unicode, this.domainName);
      },
      (slot) => {
        this.userName = textAt(io, 'UserName', slot, unicode, this.userName);
      },
      (slot) => {
        this.workstation = textAt(io, 'Workstation', slot, unicode, this.workstation);
      },
      (slot) => {
        this.encryptedRandomSessionKey = io.bytesAt('EncryptedRandomSessionKey', slot, this.encryptedRandomSessionKey);
      },
    ];
    return slots.map((slot, i) => ({ slot, layout: () => (steps[i] as (slot: Slot) => void)(slot) }));
  }
}

/** Offset of the MIC in an AUTHENTICATE_MESSAGE that has one. */
export const MIC_AT = 72;
