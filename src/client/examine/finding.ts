/** How good something is for who uses the server. */
export type Verdict = 'good' | 'neutral' | 'bad';

/** One fact about a server, and what it means. */
export interface Finding {
  /** Stable: `signing`, `dialect.3.1.1`, `guest`. */
  readonly id: string;
  readonly title: string;
  readonly value: string | number | boolean | readonly string[] | undefined;
  readonly verdict: Verdict;
  /** In one sentence. */
  readonly means: string;
}

export function finding(id: string, title: string, value: Finding['value'], verdict: Verdict, means: string): Finding {
  return { id, title, value, verdict, means };
}
