import assert from 'node:assert/strict';
import { errnoCode, type Share } from '#client/index.js';
import type { Check } from './suite.js';

async function make(share: Share, folder: string): Promise<void> {
  await share.mkdir(`${folder}/a/b`, { recursive: true });
  await share.mkdir(`${folder}/c`);
  for (const name of ['one.txt', 'a/two.txt', 'a/b/three.txt', 'a/b/four.md', 'c/x[1].txt']) {
    await share.writeFile(`${folder}/${name}`, name);
  }
}

const sorted = (names: string[]): string[] => names.sort();

export const listingChecks: readonly Check[] = [
  {
    name: 'a directory is iterated, with what is known of each entry',
    run: async ({ share, folder }) => {
      await make(share, folder);
      const found: string[] = [];
      for await (const entry of share.readdir(folder)) {
        found.push(`${entry.path} ${entry.isDirectory()} ${entry.size}`);
      }
      assert.deepEqual(sorted(found), [`${folder}/a true 0`, `${folder}/c true 0`, `${folder}/one.txt false 7`]);
      assert.deepEqual(sorted(await share.readdir(folder).names()), ['a', 'c', 'one.txt']);
      assert.deepEqual(await share.readdir(folder, { pattern: '*.txt' }).names(), ['one.txt']);
      assert.deepEqual(await share.readdir(folder, { pattern: '*.none' }).names(), []);
      for await (const entry of share.readdir(folder)) {
        assert.ok(entry.name);
        break;
      }
    },
  },
  {
    name: 'all below a directory is listed',
    run: async ({ share, folder }) => {
      await make(share, folder);
      const all = await share.readdir(folder, { recursive: true }).toArray();
      const paths = all.map(({ path }) => path.slice(folder.length + 1));
      assert.deepEqual(sorted(paths), [
        'a',
        'a/b',
        'a/b/four.md',
        'a/b/three.txt',
        'a/two.txt',
        'c',
        'c/x[1].txt',
        'one.txt',
      ]);
    },
  },
  {
    name: 'what is no directory is not listed',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, 'x');
      await assert.rejects(share.opendir(`${folder}/f`), (error) => errnoCode(error) === 'ENOTDIR');
      await assert.rejects(share.opendir(`${folder}/none`), (error) => errnoCode(error) === 'ENOENT');
      const directory = await share.opendir(folder);
      assert.deepEqual(await directory.names(), ['f']);
    },
  },
  {
    name: 'a directory of many entries is listed whole',
    run: async ({ share, folder }) => {
      const names = Array.from({ length: 700 }, (_, i) => `${'a long name of a file '.repeat(4)}${i}`);
      for (let at = 0; at < names.length; at += 20) {
        await Promise.all(names.slice(at, at + 20).map((name) => share.writeFile(`${folder}/${name}`, '')));
      }
      assert.deepEqual(sorted(await share.readdir(folder).names()), sorted(names));
    },
  },
  {
    name: 'patterns find what matches',
    run: async ({ share, folder }) => {
      await make(share, folder);
      const find = async (pattern: string | string[], exclude: string[] = []): Promise<string[]> => {
        const found: string[] = [];
        for await (const { path } of share.glob(pattern, { cwd: folder, exclude })) {
          found.push(path.slice(folder.length + 1));
        }
        return sorted(found);
      };
      assert.deepEqual(await find('*.txt'), ['one.txt']);
      assert.deepEqual(await find('**/*.txt'), ['a/b/three.txt', 'a/two.txt', 'c/x[1].txt', 'one.txt']);
      assert.deepEqual(await find('**/*.{md,none}'), ['a/b/four.md']);
      assert.deepEqual(await find('a/**'), ['a', 'a/b', 'a/b/four.md', 'a/b/three.txt', 'a/two.txt']);
      assert.deepEqual(await find(['?', 'o[mn]e.*']), ['a', 'c', 'one.txt']);
      assert.deepEqual(await find('**/*.txt', ['a/b', 'c']), ['a/two.txt', 'one.txt']);
      assert.deepEqual(await find('*/x\\[1\\].txt'.replaceAll('\\', '')), []);
    },
  },
];
