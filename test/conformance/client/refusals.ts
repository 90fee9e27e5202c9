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
      assert.match(error.path ?? '', /none$/);
      assert.match(error.command ?? '', /CREATE/);
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
      // What was on its way back when nobody waited any more has been closed by now.
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
