/**
 * For utimes, which takes seconds as a double and before Node 24 cuts off what is below the microsecond: without half of
 * one more, .123 becomes .122999. Whole seconds are exact as they are. A number below zero would mean now.
 */
export function nodeTime(ms: number): number | Date {
  if (ms < 0) return new Date(ms);
  return ms % 1000 === 0 ? ms / 1000 : (ms + 0.0005) / 1000;
}
