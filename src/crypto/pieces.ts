/**
 * Bytes passed to a node:crypto cipher per call. It always returns newly allocated memory. For larger blocks the C
 * library would map fresh pages each time, with a page fault per 4 KiB; this size also stays in the CPU cache.
 */
export const PIECE = 65_536;
/** Smaller buffers are left to the garbage collector. */
const WORTH_DISCARDING = 16_384;

type Nowhere = InstanceType<typeof MessagePort>;

interface PieceCipher {
  update(piece: Uint8Array): Uint8Array;
}

/** A closed port: buffers transferred to it are freed. */
let nowhere: Nowhere | undefined;

/**
 * Frees the memory of a cipher's output, so that the next output reuses it. The garbage collector would do so only tens
 * of megabytes later, when it is out of the cache. The buffer is empty afterwards.
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
 * Passes bytes through a cipher in pieces of at most `piece` bytes; may work in place. Decrypted bytes must not be used
 * before `final` has verified them.
 */
export function cipherInto(cipher: PieceCipher, from: Uint8Array, into: Uint8Array, piece: number): void {
  for (let at = 0; at < from.length; at += piece) {
    const answer = cipher.update(from.length <= piece ? from : from.subarray(at, at + piece));
    into.set(answer, at);
    discard(answer);
  }
}
