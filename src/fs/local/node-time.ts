/**
 * Converts a time for utimes, which takes seconds as a double and before Node 24 truncates to microseconds: without
 * adding half a microsecond, .123 would become .122999. Whole seconds are exact. A negative number would mean now.
 */
export function nodeTime(ms: number): number | Date {
  if (ms < 0) return new Date(ms);
  return ms % 1000 === 0 ? ms / 1000 : (ms + 0.0005) / 1000;
}
