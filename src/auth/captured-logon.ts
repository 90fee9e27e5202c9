import { rc4 } from '#crypto/rc4.js';
import { Decoder } from '#wire/io/decoder.js';
import { AuthenticateMessage, ChallengeMessage } from '#wire/ntlm/messages.js';
import { NegotiateFlag } from '#wire/ntlm/negotiate-flags.js';
import { isNtlm } from '#wire/ntlm/payload.js';
import { NegTokenInit, readSpnego } from '#wire/spnego/tokens.js';
import { accountOf } from './account-store.js';
import { agreedFlags, attemptOf, proofOf } from './responses.js';

const TYPE_AT = 8;
const CHALLENGE = 2;
const AUTHENTICATE = 3;

/** Follows a captured logon and derives its session key from the password. */
export class CapturedLogon {
  /** Who logs on, once known. */
  account: string | undefined;
  /** ExportedSessionKey ([MS-NLMP] 3.1.5.1.2); undefined until the logon is complete, or if the password is wrong. */
  sessionKey: Uint8Array | undefined;
  readonly #password: string;
  #challenge: ChallengeMessage | undefined;

  constructor(password: string) {
    this.#password = password;
  }

  /** Takes a token of either side, bare or in SPNEGO; throws `Malformed` if it is not one. */
  take(token: Uint8Array): void {
    const ntlm = isNtlm(token) ? token : inside(token);
    if (!isNtlm(ntlm)) return;
    // Copied, because the capture's bytes are not ours to keep.
    const bytes = ntlm.slice();
    if (bytes[TYPE_AT] === CHALLENGE) {
      this.#challenge = new ChallengeMessage();
      this.#challenge.layout(new Decoder().reset(bytes));
    } else if (bytes[TYPE_AT] === AUTHENTICATE && this.#challenge) {
      const message = new AuthenticateMessage();
      message.layout(new Decoder().reset(bytes));
      this.#authenticate(message, this.#challenge);
    }
  }

  #authenticate(message: AuthenticateMessage, challenge: ChallengeMessage): void {
    this.account = message.userName;
    const proof = proofOf(
      attemptOf(message, challenge),
      accountOf(message.userName, { password: this.#password }),
      true,
    );
    const exchanged = (agreedFlags(message, challenge) & NegotiateFlag.KeyExchange) !== 0;
    this.sessionKey = proof && exchanged ? rc4(proof.key, message.encryptedRandomSessionKey) : proof?.key;
  }
}

function inside(token: Uint8Array): Uint8Array {
  const read = readSpnego(token);
  return read instanceof NegTokenInit ? read.mechToken : read.responseToken;
}
