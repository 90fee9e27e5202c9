import type { Wire } from '../io/layout.js';

/** The data of the first context of a class, in a list of negotiate or create contexts. */
export function findData<T extends Wire>(
  contexts: readonly { readonly data: Wire }[],
  kind: new () => T,
): T | undefined {
  for (const { data } of contexts) if (data instanceof kind) return data;
  return undefined;
}
