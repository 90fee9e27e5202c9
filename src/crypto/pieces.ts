/**
 * Bytes given to a cipher of node:crypto at once. It answers in fresh memory, whatever there is already: the C library
 * maps what is larger anew each time, with a page fault for each 4 KiB, and this much stays in the processor's cache.
 */
export const PIECE = 65_536;
/** What is smaller is left to the collector. */
const WORTH_DISCARDING = 16_384;

type Nowhere = InstanceType<typeof MessagePort>;

interface PieceCipher {
  update(piece: Uint8Array): Uint8Array;
}

/** A port that leads nowhere: what is handed over to it is gone. */
let nowhere: Nowhere | undefined;

/**
 * Frees the memory of a cipher's answer, so that the next answer lies in it again. The collector would do so tens of
 * megabytes later, out of the cache by then. It is empty afterwards.
 */
export function discard(answer: Uint8Array): void {
  const { buffer } = answer;
  if (answer.length < WORTH_DISCARDING || buffer.byteLength !== answer.length) return;
  nowhere ??= closedPort();
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}

function closedPort(): Nowhere {
  const { port1, port2 } = new MessageChannel();
  port1.close();
  port2.close();
  return port1;
}

/**
 * Sends bytes through a cipher, in pieces of at most that size, to where they belong, which may be where they lie.
 * What a decipher made is not to be looked at before its `final`.
 */
export function cipherInto(cipher: PieceCipher, from: Uint8Array, into: Uint8Array, piece: number): void {
  for (let at = 0; at < from.length; at += piece) {
    const answer = cipher.update(from.length <= piece ? from : from.subarray(at, at + piece));
    into.set(answer, at);
    discard(answer);
  }
}
