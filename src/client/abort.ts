/** The promise, or the signal's reason as soon as it is aborted. What comes of the promise after that goes to `late`. */
export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = nothing,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    let over = false;
    const abort = (): void => {
      over = true;
      reject(signal.reason);
    };
    const done = (): boolean => {
      signal.removeEventListener('abort', abort);
      return over;
    };
    promise.then(
      (value) => (done() ? late(value) : resolve(value)),
      (error) => {
        done();
        reject(error);
      },
    );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function nothing(): void {
  // The value is of no use any more.
}
