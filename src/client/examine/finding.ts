/** Whether something is good or bad for users of the server. */
export type Verdict = 'good' | 'neutral' | 'bad';

/** One fact about a server, and what it means. */
export interface Finding {
  /** A stable identifier: `signing`, `dialect.3.1.1`, `guest`. */
  readonly id: string;
  readonly title: string;
  readonly value: string | number | boolean | readonly string[] | undefined;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly means: string;
}

export function finding(id: string, title: string, value: Finding['value'], verdict: Verdict, means: string): Finding {
  return { id, title, value, verdict, means };
}
