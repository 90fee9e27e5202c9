import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errnoCode } from '#client/index.js';
import { bytes, sha256 } from './bytes.js';
import type { Check } from './suite.js';

const SIZE = 2_000_001;

async function* pieces(data: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

export const streamChecks: readonly Check[] = [
  {
    name: 'a file goes through streams of Node, and both tell how far they are',
    run: async ({ share, folder }) => {
      const data = bytes(SIZE);
      let written = 0;
      const out = share.createWriteStream(`${folder}/f`, {
        onProgress: (progress) => {
          written = progress.bytes;
        },
      });
      await pipeline(Readable.from(pieces(data, 70_000)), out);
      assert.equal(written, SIZE);
      let read = 0;
      const parts: Uint8Array[] = [];
      const onProgress = (progress: { bytes: number }): void => {
        read = progress.bytes;
      };
      for await (const part of share.createReadStream(`${folder}/f`, { onProgress })) parts.push(part);
      assert.equal(read, SIZE);
      assert.equal(sha256(...parts), sha256(data));
    },
  },
  {
    name: 'parts of a file are streamed',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await share.writeFile(path, '0123456789');
      const part = share.createReadStream(path, { start: 3, end: 5 });
      assert.equal((await part.setEncoding('utf8').toArray()).join(''), '345');
      await pipeline(Readable.from(['abc']), share.createWriteStream(path, { start: 4 }));
      assert.equal(await share.readFile(path, 'utf8'), '0123abc789');
      const file = await share.open(path, { access: 'read-write' });
      assert.equal((await file.createReadStream({ start: 8 }).setEncoding('utf8').toArray()).join(''), '89');
      await pipeline(Readable.from(['xy']), file.createWriteStream());
      assert.equal(await file.readFile('utf8'), 'xy23abc789');
      await file.close();
    },
  },
  {
    name: 'streams add to a file, want none to be there, and come in pieces of a size',
    run: async ({ share, folder }) => {
      const path = `${folder}/f`;
      await pipeline(Readable.from(['one']), share.createWriteStream(path, { flags: 'wx' }));
      await pipeline(Readable.from([' two']), share.createWriteStream(path, { flags: 'a' }));
      assert.equal(await share.readFile(path, 'utf8'), 'one two');
      const again = pipeline(Readable.from(['three']), share.createWriteStream(path, { flags: 'wx' }));
      await assert.rejects(again, (error) => errnoCode(error) === 'EEXIST');
      const none = pipeline(Readable.from(['x']), share.createWriteStream(`${folder}/none`, { flags: 'r+' }));
      await assert.rejects(none, (error) => errnoCode(error) === 'ENOENT');
      await pipeline(Readable.from(['ONE']), share.createWriteStream(path, { flags: 'r+' }));
      const stream = share.createReadStream(path, { encoding: 'utf8', highWaterMark: 3, start: 1 });
      assert.deepEqual(await stream.toArray(), ['NE ', 'two']);
      assert.throws(() => share.createReadStream(path, { start: 3, end: 1 }), { code: 'SMB_USAGE' });
      const handle = await share.fs.open(`/${path}`, 'a');
      await pipeline(Readable.from(['!']), handle.createWriteStream());
      const lines: string[] = [];
      const reading = await share.fs.open(`/${path}`);
      for await (const line of reading.readLines()) lines.push(line);
      assert.deepEqual(lines, ['ONE two!']);
      await assert.rejects(reading.stat(), { code: 'EBADF' });
    },
  },
  {
    name: 'a file goes through web streams',
    run: async ({ share, folder }) => {
      const data = bytes(SIZE, 7);
      const source = Readable.toWeb(Readable.from(pieces(data, 100_000)));
      await source.pipeTo(share.writable(`${folder}/f`) as never);
      const parts: Uint8Array[] = [];
      for await (const part of share.readable(`${folder}/f`)) parts.push(part);
      assert.equal(sha256(...parts), sha256(data));
    },
  },
  {
    name: 'a slow reader holds the stream up',
    run: async ({ share, folder }) => {
      await share.writeFile(`${folder}/f`, bytes(8_000_000));
      let read = 0;
      const stream = share.createReadStream(`${folder}/f`, {
        onProgress: ({ bytes }) => {
          read = bytes;
        },
      });
      for await (const _ of stream) {
        for (let i = 0; i < 20; i++) await share.ping();
        break;
      }
      assert.ok(read < 7_000_000, `${read} bytes were read ahead`);
    },
  },
  {
    name: 'streams of what is not there fail, and streams that are left leave nothing open',
    run: async ({ share, folder }) => {
      await assert.rejects(
        share.createReadStream(`${folder}/none`).toArray(),
        (error) => errnoCode(error) === 'ENOENT',
      );
      await share.writeFile(`${folder}/f`, bytes(SIZE));
      for await (const _ of share.createReadStream(`${folder}/f`)) break;
      const stop = new AbortController();
      const sink = new Writable({
        write: (_chunk, _encoding, done) => {
          stop.abort();
          done();
        },
      });
      const stream = share.createReadStream(`${folder}/f`, { signal: stop.signal });
      await assert.rejects(pipeline(stream, sink), { name: 'AbortError' });
    },
  },
];
