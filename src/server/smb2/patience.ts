import type { Patience } from '#coord/patience.js';
import type { Smb2ServerRequest } from '#engine/smb2/server-request.js';
import type { Smb2Context } from './context.js';

/** Lets a request wait, after an interim response, until CANCEL or the loss of the connection. */
export function patienceOf(request: Smb2ServerRequest): Patience {
  return {
    // Created lazily: a signal costs a microsecond, and few requests actually wait.
    get signal() {
      return request.signal;
    },
    waits: () => request.goAsync(),
  };
}

/**
 * The same for a request that may be replayed over another channel: when its connection is lost, it continues as long
 * as the session lives. `over` must be called at the end.
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
