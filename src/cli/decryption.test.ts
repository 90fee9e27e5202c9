import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectOptions, connect } from '#client/index.js';
import { memory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { Decryption, type FrameEvent, frames } from '#viewer/index.js';

const PASSWORD = 'Secret-1';

/** All frames, as the client sees them, of a connection on which a file is written and read. */
async function recorded(options: ConnectOptions): Promise<FrameEvent[]> {
  const server = createServer({ shares: { docs: memory() }, users: { ann: { password: PASSWORD } } });
  const { port } = await server.listen(0, '127.0.0.1');
  const events: FrameEvent[] = [];
  const stop = frames.subscribe((event) => {
    const { role, remote } = event.connection;
    // The buffer of a frame may be reused after this returns.
    if (role === 'client' && remote.endsWith(`:${port}`)) {
      events.push({ ...event, frame: event.frame.slice(), plain: event.plain?.slice() });
    }
  });
  const share = await connect(`smb://ann@127.0.0.1:${port}/docs`, { password: PASSWORD, ...options });
  await share.writeFile('a.txt', 'what nobody may see');
  await share.readFile('a.txt');
  await share.close();
  await server.close();
  stop();
  return events;
}

const asCaptured = (events: readonly FrameEvent[]): FrameEvent[] =>
  events.map((event) => ({ ...event, plain: undefined }));

const CASES: readonly ConnectOptions[] = [
  ...(['3.0', '3.0.2'] as const).map((dialect) => ({ dialects: { min: dialect, max: dialect } })),
  ...(['AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM'] as const).map((cipher) => ({ ciphers: [cipher] })),
];

test('what a capture has encrypted is opened with the password, at each dialect and with each cipher', async () => {
  for (const options of CASES) {
    const events = await recorded({ encryption: 'required', ...options });
    const decryption = new Decryption(PASSWORD);
    const opened = asCaptured(events).map((event) => decryption.open(event).plain);
    assert.deepEqual(
      opened,
      events.map(({ plain }) => plain),
      JSON.stringify(options),
    );
    assert.ok(opened.filter((plain) => plain !== undefined).length > 4);
    assert.deepEqual([...decryption.strangers], []);
  }
});

test('with another password nothing is opened, and whose logon it was is told', async () => {
  const events = await recorded({ encryption: 'required' });
  const decryption = new Decryption('wrong');
  assert.ok(asCaptured(events).every((event) => decryption.open(event).plain === undefined));
  assert.deepEqual([...decryption.strangers], ['ann']);
});

test('frames that are cut off or changed are left as they are', async () => {
  const events = asCaptured(await recorded({ encryption: 'required' }));
  for (let at = 0; at < events.length; at++) {
    for (const harm of [
      (frame: Uint8Array) => frame.subarray(0, frame.length >> 1),
      flipped,
      () => new Uint8Array(5),
    ]) {
      const decryption = new Decryption(PASSWORD);
      for (const [index, event] of events.entries()) {
        decryption.open(index === at ? { ...event, frame: harm(event.frame) } : event);
      }
    }
  }
});

function flipped(frame: Uint8Array): Uint8Array {
  return frame.map((byte, index) => (index % 7 === 6 ? byte ^ 0xff : byte));
}
