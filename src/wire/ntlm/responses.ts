import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { AvPairs } from './av-pair.js';

const NONCE: Uint8Array = new Uint8Array(8);
const PROOF: Uint8Array = new Uint8Array(16);

/** [MS-NLMP] 2.2.2.7 NTLMv2_CLIENT_CHALLENGE. */
export class Ntlmv2ClientChallenge {
  timeStamp = 0n;
  challengeFromClient: Uint8Array = NONCE;
  avPairs: AvPairs = new AvPairs();
  /** After the pairs; clients send four zero bytes. */
  padding: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same8('RespType', 1);
    io.same8('HiRespType', 1);
    io.skip('Reserved1', 2);
    io.skip('Reserved2', 4);
    this.timeStamp = io.time('TimeStamp', this.timeStamp);
    this.challengeFromClient = io.bytes('ChallengeFromClient', 8, this.challengeFromClient);
    io.skip('Reserved3', 4);
    this.avPairs = io.struct('AvPairs', this.avPairs);
    this.padding = io.rest('Padding', this.padding);
  }
}

/** [MS-NLMP] 2.2.2.8 NTLM2 V2 Response: NTLMv2_RESPONSE. */
export class Ntlmv2Response {
  response: Uint8Array = PROOF;
  clientChallenge: Ntlmv2ClientChallenge = new Ntlmv2ClientChallenge();

  layout(io: Layout): void {
    this.response = io.bytes('Response', 16, this.response);
    this.clientChallenge = io.struct('NTLMv2_CLIENT_CHALLENGE', this.clientChallenge);
  }
}

/** [MS-NLMP] 2.2.2.4 LMv2_RESPONSE. */
export class Lmv2Response {
  response: Uint8Array = PROOF;
  challengeFromClient: Uint8Array = NONCE;

  layout(io: Layout): void {
    this.response = io.bytes('Response', 16, this.response);
    this.challengeFromClient = io.bytes('ChallengeFromClient', 8, this.challengeFromClient);
  }
}

/** [MS-NLMP] 2.2.2.9.1 NTLMSSP_MESSAGE_SIGNATURE for Extended Session Security. */
export class MessageSignature {
  checksum: Uint8Array = NONCE;
  seqNum = 0;

  layout(io: Layout): void {
    io.same32('Version', 1);
    this.checksum = io.bytes('Checksum', 8, this.checksum);
    this.seqNum = io.u32('SeqNum', this.seqNum);
  }
}
