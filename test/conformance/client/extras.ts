import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Change, errnoCode, FileSecurity, type Share, type Watcher } from '#client/index.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileStandardInformation } from '#wire/fscc/file-info/standard.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { Decoder } from '#wire/io/decoder.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import type { Check, Ground } from './suite.js';

const EVERYONE = 'S-1-1-0';
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** Watches a directory from now on. */
async function watching(share: Share, folder: string, signal: AbortSignal): Promise<AsyncGenerator<Change, void>> {
  let ready: (() => void) | undefined;
  const standing = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const changes = share.watch(folder, { recursive: true, signal, onReady: ready });
  const first = changes.next();
  first.catch(() => undefined);
  await standing;
  await share.ping();
  return (async function* () {
    for (let next = await first; !next.done; next = await changes.next()) yield next.value;
  })();
}

async function withOther({ another }: Ground, work: (other: Share) => Promise<void>): Promise<void> {
  const other = await another();
  try {
    await work(other);
  } finally {
    await other.close();
  }
}

/** The watcher may have opened what has changed, and a directory cannot be moved or removed meanwhile: retry. */
async function persistently(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!['EACCES', 'ENOTEMPTY'].includes(errnoCode(error) ?? '')) throw error;
    }
  }
}

/** 'probe' stands for any of the probe files. */
function isMeant(path: string, wanted: string): boolean {
  return path === wanted || (wanted === 'probe' && path.startsWith('probe '));
}

/** A server may start watching some time after the request: make changes until one is reported. */
async function provoked(other: Share, folder: string, told: Promise<unknown>): Promise<void> {
  let done = false;
  const end = told.finally(() => {
    done = true;
  });
  for (let i = 0; !done; i++) {
    await other.mkdir(`${folder}/probe ${i}`);
    await other.ping();
  }
  await end;
}

export const extraChecks: readonly Check[] = [
  {
    name: 'a file says who may do what with it, as objects and as SDDL',
    needs: 'access control lists',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, 'x');
      const before = await share.acl(path);
      assert.match(before.owner, /^S-1-/);
      assert.match(before.sddl, /^O:\S+G:\S+D:/);
      await share.setAcl(path, {
        isProtected: true,
        entries: [
          { kind: 'deny', sid: 'BG', rights: 'write' },
          { kind: 'allow', sid: before.owner, rights: 'full' },
          { kind: 'allow', sid: EVERYONE, rights: 'read' },
        ],
      });
      const after = await share.acl(path);
      assert.equal(after.owner, before.owner);
      assert.equal(after.isProtected, true);
      assert.deepEqual(after.entries, [
        { kind: 'deny', sid: 'S-1-5-32-546', rights: 0x120116 },
        { kind: 'allow', sid: before.owner, rights: 0x1f01ff },
        { kind: 'allow', sid: EVERYONE, rights: 0x120089 },
      ]);
      await share.setAcl(path, 'D:P(A;;FA;;;WD)');
      assert.match((await share.acl(path)).sddl, /D:P[ARI]*\(A;;FA;;;WD\)$/);
      await share.setAcl(folder, `D:P(A;OICI;FA;;;${before.owner})(A;OICIIO;FR;;;WD)`);
      await share.writeFile(`${folder}/g`, 'x');
      // Whether an entry is marked as inherited depends on the parent's descriptor.
      const { entries } = await share.acl(`${folder}/g`);
      assert.ok(entries?.some(({ sid, rights }) => sid === EVERYONE && rights === 0x120089));
      const acl = `D:P(A;;FA;;;${before.owner})`;
      await (await share.open(`${folder}/h`, { access: 'write', create: 'exclusive', acl })).close();
      assert.deepEqual(
        (await share.acl(`${folder}/h`)).entries?.map(({ sid }) => sid),
        [before.owner],
      );
      await assert.rejects(share.setAcl(path, 'nonsense'), { code: 'SMB_USAGE' });
      await assert.rejects(share.setAcl(path, {}), { code: 'SMB_USAGE' });
    },
    without: async ({ share, folder }) => {
      // A server with another kind of rights may present them as a list, and may accept one.
      const told = await share.acl(folder).catch((error) => error);
      assert.ok(told instanceof FileSecurity || errnoCode(told) !== undefined);
    },
  },
  {
    name: 'a file has named streams',
    needs: 'named streams',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, 'main');
      assert.deepEqual(await share.namedStreams(path), []);
      await share.writeFile(`${path}:one`, 'first');
      await share.writeFile(`${path}:two`, 'second!');
      const told = (await share.namedStreams(path)).map(({ name, size }) => `${name} ${size}`);
      assert.deepEqual(told.sort(), ['one 5', 'two 7']);
      assert.equal(await share.readFile(`${path}:one`, 'utf8'), 'first');
      assert.equal(await share.readFile(path, 'utf8'), 'main');
      await share.unlink(`${path}:one`);
      assert.deepEqual(
        (await share.namedStreams(path)).map(({ name }) => name),
        ['two'],
      );
    },
    without: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, 'main');
      await assert.rejects(share.writeFile(`${folder}/f:one`, 'x'));
    },
  },
  {
    name: 'a file has extended attributes',
    needs: 'extended attributes',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, 'x');
      assert.equal((await share.extendedAttributes(path)).size, 0);
      await share.setExtendedAttributes(path, { COLOR: 'red', SHAPE: new Uint8Array([1, 0, 2]) });
      const both = await share.extendedAttributes(path);
      const named = new Map(Array.from(both, ([name, value]) => [name.toUpperCase(), value]));
      assert.deepEqual([text(named.get('COLOR')), named.get('SHAPE')], ['red', new Uint8Array([1, 0, 2])]);
      await share.setExtendedAttributes(path, { COLOR: null });
      assert.equal((await share.extendedAttributes(path)).size, 1);
      await assert.rejects(share.setExtendedAttributes(path, { '': 'x' }), { code: 'SMB_USAGE' });
      const made = { access: 'write', create: 'exclusive', extendedAttributes: { COLOR: 'blue' } } as const;
      await (await share.open(`${folder}/g`, made)).close();
      assert.equal(text((await share.extendedAttributes(`${folder}/g`)).values().next().value), 'blue');
    },
    without: async ({ share, folder }) => {
      await assert.rejects(async () => {
        await share.setExtendedAttributes(folder, { COLOR: 'red' });
        await share.extendedAttributes(folder);
      });
    },
  },
  {
    name: 'snapshots are listed, and read inside',
    needs: 'snapshots',
    run: async ({ share, snapshot }) => {
      assert.ok(snapshot, 'the configuration says what lies in a snapshot');
      const all = await share.snapshots();
      assert.ok(all.length > 0);
      const [{ token, date } = { token: '', date: new Date(0) }] = all;
      assert.match(token, /^@GMT-/);
      assert.ok(date.getTime() > 0);
      const within = `${token}/${snapshot.path}`;
      assert.equal(await share.readFile(within, 'utf8'), snapshot.content);
      assert.equal((await share.stat(within)).size, snapshot.content.length);
      assert.ok((await share.readdir(token).names()).includes(snapshot.path));
      const file = await share.open(snapshot.path, { snapshot: date });
      assert.equal(await file.readFile('utf8'), snapshot.content);
      await file.close();
    },
    without: async ({ share }) => {
      const none = await share.snapshots().catch((error) => error);
      assert.ok(errnoCode(none) !== undefined || none.length === 0);
    },
  },
  {
    name: 'experts ask for raw classes and control codes',
    needs: 'IOCTL',
    run: async ({ share, folder }) => {
      const file = await share.open(`${folder}/f`, { access: 'read-write', create: 'if-missing' });
      await file.write('hello', 0);
      const bytes = await file.query({ infoType: InfoType.File, infoClass: FileInfoClass.Standard });
      const standard = new FileStandardInformation();
      standard.layout(new Decoder().reset(bytes));
      assert.equal(standard.endOfFile, 5);
      const key = await file.ioctl({ code: Fsctl.SrvRequestResumeKey });
      assert.ok(key.length >= 24);
      await assert.rejects(file.query({ infoType: InfoType.File, infoClass: 250 }));
      await file.close();
    },
    without: async ({ share, folder }) => {
      const file = await share.open(`${folder}/f`, { access: 'read-write', create: 'if-missing' });
      await assert.rejects(file.ioctl({ code: Fsctl.SrvRequestResumeKey }), (error) => errnoCode(error) === 'ENOTSUP');
      await file.close();
    },
  },
  {
    name: 'the server tells of itself and its shares',
    needs: 'RPC',
    run: async ({ share }) => {
      const { name, version } = await share.serverInfo();
      assert.ok(name.length > 0);
      assert.match(version, /^\d+\.\d+$/);
      const shares = await share.listShares();
      assert.ok(shares.some((listed) => listed.name === share.name && listed.kind === 'disk'));
    },
  },
  {
    name: 'a watch tells what happens',
    needs: 'change notification',
    run: (ground) =>
      withOther(ground, async (other) => {
        const { share, folder } = ground;
        const stop = new AbortController();
        const changes = await watching(share, folder, stop.signal);
        const seen: string[] = [];
        const until = async (kind: Change['kind'], path: string): Promise<void> => {
          for (let next = await changes.next(); !next.done; next = await changes.next()) {
            seen.push(`${next.value.kind} ${next.value.path}`);
            if (next.value.kind === kind && isMeant(next.value.path.slice(folder.length + 1), path)) return;
          }
          throw new Error(`no ${kind} of ${path}: ${seen.join(', ')}`);
        };
        await provoked(other, folder, until('added', 'probe'));
        await other.mkdir(`${folder}/d`);
        await until('added', 'd');
        await other.writeFile(`${folder}/d/f`, 'x');
        await until('added', 'd/f');
        await other.rename(`${folder}/d/f`, `${folder}/d/g`);
        await until('renamed', 'd/g');
        await other.unlink(`${folder}/d/g`);
        await until('removed', 'd/g');
        stop.abort();
        await assert.rejects(changes.next(), { name: 'AbortError' });
      }),
  },
  {
    name: 'fs: a watcher tells of files as chokidar does',
    needs: 'change notification',
    run: (ground) =>
      withOther(ground, async (other) => {
        const { share, folder } = ground;
        await share.mkdir(`${folder}/d`);
        await share.writeFile(`${folder}/d/old`, 'x');
        const watcher: Watcher = share.fs.watcher(`/${folder}`, { ignored: (path) => path.endsWith('/secret') });
        try {
          const told: string[] = [];
          watcher.on('all', (event, path) => told.push(`${event} ${path.slice(folder.length + 1)}`));
          await once(watcher, 'ready');
          assert.deepEqual(told.splice(0).sort(), ['add /d/old', 'addDir /d']);
          const event = async (name: string, path: string): Promise<void> => {
            while (!told.includes(`${name} ${path}`)) await once(watcher, 'all');
          };
          await provoked(other, folder, once(watcher, 'addDir'));
          await other.writeFile(`${folder}/secret`, 'x');
          await other.writeFile(`${folder}/d/new`, 'x');
          await event('add', '/d/new');
          await other.appendFile(`${folder}/d/new`, 'more');
          // Not every server reports writes below the watched directory, but all report changed times.
          await other.utimes(`${folder}/d/new`, { mtime: new Date('2020-01-02T03:04:05Z') });
          await event('change', '/d/new');
          await persistently(() => other.rename(`${folder}/d`, `${folder}/e`));
          await event('unlinkDir', '/d');
          await event('add', '/e/new');
          await event('add', '/e/old');
          assert.deepEqual(watcher.getWatched()[`/${folder}/e`]?.sort(), ['new', 'old']);
          await persistently(() => other.rm(`${folder}/e`, { recursive: true, force: true }));
          await event('unlinkDir', '/e');
          assert.ok(told.includes('unlink /e/new') && !told.some((line) => line.includes('secret')));
        } finally {
          await watcher.close();
        }
      }),
  },
];
