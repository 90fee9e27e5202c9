import type { NodeInfo, OpenAccess, ReadableBackend } from 'sombrero/fs';
import { filetimeFromMs, NtStatus, StatusError } from 'sombrero/wire';

export type Texts = { readonly [name: string]: string | Texts };
type Page = { readonly info: NodeInfo; readonly bytes: Uint8Array; readonly below: ReadonlyMap<string, Page> };
type Handle = { readonly page: Page; readonly access: OpenAccess };

/** Texts as a share: `pages({ 'a.txt': 'one', more: { 'b.txt': 'two' } }, 0x5041_4745)`. */
export function pages(texts: Texts, serial: number): ReadableBackend<Handle> {
  const now = filetimeFromMs(Date.now());
  const times = { creationTime: now, lastAccessTime: now, lastWriteTime: now, changeTime: now };
  let lastId = 0n;
  const pageOf = (content: string | Texts): Page => {
    const kind = typeof content === 'string' ? 'file' : 'directory';
    const bytes = new TextEncoder().encode(typeof content === 'string' ? content : '');
    const facts = { size: bytes.length, allocationSize: bytes.length, links: 1, attributes: 0 };
    const below = typeof content === 'string' ? [] : Object.entries(content);
    const info = { kind, id: ++lastId, ...facts, ...times } as const;
    return { info, bytes, below: new Map(below.map(([name, inner]) => [name, pageOf(inner)])) };
  };
  const root = pageOf(texts);
  return {
    volume: { label: 'pages', serial, fileSystem: 'NTFS', creationTime: now, caseSensitive: true, maxNameLength: 255 },
    open(path, access) {
      let page: Page | undefined = root;
      for (const name of path === '' ? [] : path.split('/')) {
        if (page?.info.kind !== 'directory') throw new StatusError(NtStatus.ObjectPathNotFound);
        page = page.below.get(name);
      }
      if (page === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
      if (access.write) throw new StatusError(NtStatus.MediaWriteProtected);
      return { handle: { page, access }, info: page.info };
    },
    close: () => undefined,
    stat: ({ page }) => page.info,
    read({ page, access }, into, offset) {
      if (page.info.kind === 'directory') throw new StatusError(NtStatus.FileIsADirectory);
      if (!access.read) throw new StatusError(NtStatus.AccessDenied);
      const part = page.bytes.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    },
    async *list({ page }) {
      if (page.info.kind !== 'directory') throw new StatusError(NtStatus.NotADirectory);
      yield Array.from(page.below, ([name, { info }]) => ({ name, info }));
    },
  };
}
