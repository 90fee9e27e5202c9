/** How names are given back, as `node:fs` takes it. */
export type NameEncoding = BufferEncoding | null | { readonly encoding?: BufferEncoding | null | undefined };
/** As their bytes in UTF-8. */
export type AsBuffer = 'buffer' | { readonly encoding: 'buffer' };

type Wish = NameEncoding | AsBuffer | { readonly encoding?: BufferEncoding | 'buffer' | null | undefined } | undefined;

/** Makes of names what was asked for. */
export function encoder(wish: Wish): ((name: string) => string | Buffer) | undefined {
  const encoding = typeof wish === 'object' ? wish?.encoding : wish;
  if (!encoding || encoding === 'utf8' || encoding === 'utf-8') return undefined;
  return (name) => (encoding === 'buffer' ? Buffer.from(name) : Buffer.from(name).toString(encoding));
}

/** One name as it was asked for. */
export function encoded(name: string, wish: Wish): string | Buffer {
  return encoder(wish)?.(name) ?? name;
}
