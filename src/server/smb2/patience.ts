import type { Patience } from '#coord/patience.js';
import type { Smb2ServerRequest } from '#engine/smb2/server-request.js';

/** A request's readiness to wait: an interim response says that it does, CANCEL and a lost connection end it. */
export function patienceOf(request: Smb2ServerRequest): Patience {
  return { signal: request.signal, waits: () => request.goAsync() };
}
