import assert from 'node:assert/strict';
import { errnoCode, StatusError } from '#client/index.js';
import { bytes } from './bytes.js';
import type { Check } from './suite.js';

export const refusalChecks: readonly Check[] = [
  {
    name: 'errors tell status, command and path',
    run: async ({ share, folder }) => {
      const error = await share.readFile(`${folder}/none`).catch((error) => error);
      assert.ok(error instanceof StatusError);
      assert.equal(errnoCode(error), 'ENOENT');
      assert.equal(error.code, 'STATUS_OBJECT_NAME_NOT_FOUND');
      assert.equal(error.path, `${folder}/none`);
      assert.match(error.command ?? '', /CREATE/);
    },
  },
  {
    name: 'what makes no sense is refused before anything is done',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, 'kept');
      const usage = { code: 'SMB_USAGE' };
      for (const data of [undefined, 5, {}, ['x']]) await assert.rejects(share.writeFile(path, data as never), usage);
      await assert.rejects(share.writeFile(path, 'x', { encoding: 'nonsense' as never }), usage);
      await assert.rejects(share.writeFile(path, 'x', { flag: 'a+' as never }), usage);
      for (const size of [-1, 0.5, Number.NaN, 2 ** 53, '2']) {
        await assert.rejects(share.truncate(path, size as never), usage);
      }
      await assert.rejects(share.access(path, ['Write' as never]), usage);
      await assert.rejects(share.access(path, 4 as never), usage);
      await assert.rejects(share.utimes(path, { mtime: new Date(Number.NaN) }), usage);
      await assert.rejects(share.stat(undefined as never), usage);
      await using file = await share.open(path, { access: 'read-write' });
      for (const position of [-1, 0.5, Number.NaN, undefined]) {
        await assert.rejects(file.read(new Uint8Array(1), position as never), usage);
        await assert.rejects(file.write('x', position as never), usage);
      }
      assert.equal(await share.readFile(path, 'utf8'), 'kept');
    },
  },
  {
    name: 'what cannot be there is not there',
    run: async ({ share, folder }) => {
      for (const name of ['a*b', 'x'.repeat(300), 'a\tb']) assert.equal(await share.exists(`${folder}/${name}`), false);
    },
  },
  {
    name: 'bytes and text come in all forms',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      const words = new Uint16Array([0x6261, 0x6463]);
      for (const data of [words, words.buffer, new DataView(words.buffer), 'abcd', Buffer.from('abcd')]) {
        await share.writeFile(path, data);
        assert.equal(await share.readFile(path, 'utf8'), 'abcd');
      }
      await share.writeFile(path, 'ff80', { encoding: 'hex' });
      assert.equal(await share.readFile(path, 'hex'), 'ff80');
      assert.equal(await share.readFile(path, { encoding: 'latin1' }), 'ÿ\x80');
      await using file = await share.open(path);
      const into = new Uint16Array(1);
      assert.equal(await file.read(into, 0), 2);
      assert.equal(into[0], 0x80ff);
    },
  },
  {
    name: 'calls end with their signal, at once and later, and the share lives on',
    run: async ({ share, folder }) => {
      const data = bytes(2_000_000);
      await share.writeFile(`${folder}/f`, data);
      const gone = AbortSignal.abort(new Error('enough'));
      const calls = (signal: AbortSignal): (() => Promise<unknown>)[] => [
        () => share.readFile(`${folder}/f`, { signal }),
        () => share.writeFile(`${folder}/g`, data, { signal }),
        () => share.writeFile(`${folder}/g`, 'small', { signal }),
        () => share.stat(`${folder}/f`, { signal }),
        () => share.readdir(folder, { signal }).names(),
        () => share.open(`${folder}/f`, { signal }).then((file) => file.close()),
        () => share.copy(`${folder}/f`, `${folder}/h`, { signal }),
        () => share.mkdir(`${folder}/d/e`, { recursive: true, signal }),
        () => share.rm(`${folder}/d`, { recursive: true, force: true, signal }),
        () => share.rename(`${folder}/f`, `${folder}/f`, { signal }),
        () => share.statfs({ signal }),
        () => share.createReadStream(`${folder}/f`, { signal }).toArray(),
      ];
      for (const call of calls(gone)) await assert.rejects(call(), /enough|aborted/);
      for (let delay = 0; delay < 12; delay++) {
        const stop = new AbortController();
        const running = calls(stop.signal).map((call) => call().catch((error) => error));
        for (let i = 0; i < delay; i++) await new Promise((resolve) => setImmediate(resolve));
        stop.abort(new Error('enough'));
        await Promise.all(running);
      }
      await share.ping();
      // By now, handles that arrived after everyone had stopped waiting have been closed.
      await share.statfs();
      await share.ping();
    },
  },
  {
    name: 'calls end when their time is over',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, 'x');
      assert.equal(await share.readFile(`${folder}/f`, 'utf8', { timeoutMs: 20_000 }), 'x');
      await assert.rejects(share.stat(`${folder}/f`, { timeoutMs: -1 }), { code: 'SMB_USAGE' });
    },
  },
  {
    name: 'paths do not leave the share',
    run: async ({ share }) => {
      await assert.rejects(share.stat('../x'), { code: 'SMB_USAGE' });
      assert.equal((await share.stat('')).isDirectory(), true);
      await assert.rejects(share.rm('', { recursive: true }), { code: 'SMB_USAGE' });
    },
  },
];
