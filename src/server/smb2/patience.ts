import type { Patience } from '#coord/patience.js';
import type { Smb2ServerRequest } from '#engine/smb2/server-request.js';
import type { Smb2Context } from './context.js';

/** A request's readiness to wait: an interim response says that it does, CANCEL and a lost connection end it. */
export function patienceOf(request: Smb2ServerRequest): Patience {
  return {
    // A signal costs a microsecond, and few who might wait do.
    get signal() {
      return request.signal;
    },
    waits: () => request.goAsync(),
  };
}

/**
 * The same for what a client may ask for again over another channel: it goes on without its connection as long as the
 * session lives. `over` has to be said in the end.
 */
export function lastingPatience({ connection, request, channel }: Smb2Context): {
  patience: Patience;
  over: () => void;
} {
  const { session } = channel;
  const end = new AbortController();
  const { signal } = request;
  const ended = (): void => {
    if (connection.lost && !session.endsWith(channel)) session.orphans.add(end);
    else end.abort(signal.reason);
  };
  if (signal.aborted) ended();
  else signal.addEventListener('abort', ended);
  const over = (): void => {
    signal.removeEventListener('abort', ended);
    session.orphans.delete(end);
  };
  return { patience: { signal: end.signal, waits: () => request.goAsync() }, over };
}
