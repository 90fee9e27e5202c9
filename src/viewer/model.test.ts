import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frames } from '#tap/events.js';
import { fromHex } from '#testing/golden.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CONNECTION, classicExchange, event, packet } from './classic.test.samples.js';
import { exchangeJson } from './json.js';
import { type Packet, Recorder } from './model.js';

function record(events = classicExchange()): Recorder {
  const recorder = new Recorder();
  for (const one of events) recorder.add(one);
  return recorder;
}

const brief = (packets: readonly Packet[]): unknown[] =>
  packets.map(({ from, messages }) => [messages[0]?.step, from, messages[0]?.name, messages[0]?.status]);

test('the classic exchange: a NetBIOS session, then the packets by their numbers', () => {
  const { packets, connections } = record();
  const ok = 'STATUS_SUCCESS';
  assert.deepEqual(brief(packets), [
    [undefined, 'client', 'SESSION REQUEST', undefined],
    [undefined, 'server', 'POSITIVE SESSION RESPONSE', undefined],
    [1, 'client', 'SMB_COM_NEGOTIATE', undefined],
    [2, 'server', 'SMB_COM_NEGOTIATE', ok],
    [3, 'client', 'SMB_COM_SESSION_SETUP_ANDX', undefined],
    [3, 'server', 'SMB_COM_SESSION_SETUP_ANDX', ok],
    [4, 'client', 'SMB_COM_TREE_CONNECT_ANDX', undefined],
    [5, 'server', 'SMB_COM_TREE_CONNECT_ANDX', ok],
    [6, 'client', 'SMB_COM_OPEN_ANDX', undefined],
    [7, 'server', 'SMB_COM_OPEN_ANDX', ok],
    [8, 'client', 'SMB_COM_READ_ANDX', undefined],
    [9, 'server', 'SMB_COM_READ_ANDX', ok],
  ]);
  assert.deepEqual(connections, [
    { number: 1, client: '127.0.0.1:50123', server: '127.0.0.1:139', framing: 'netbios', dialect: 'NT LM 0.12' },
  ]);
});

test('each packet tells what matters in it', () => {
  const facts = record().packets.map(({ messages }) => messages[0]?.facts ?? {});
  assert.deepEqual(facts[0], { calling: 'DESK<00>', called: '*SMBSERVER<20>' });
  assert.deepEqual(facts[2], { dialects: ['PC NETWORK PROGRAM 1.0', 'NT LM 0.12'] });
  assert.equal(facts[3]?.dialect, 'NT LM 0.12');
  assert.equal(facts[3]?.challenge, '0102030405060708');
  assert.equal(facts[3]?.security, 'user level');
  assert.equal(facts[4]?.account, 'ann');
  assert.equal(facts[4]?.response, 'NTLMv1');
  assert.equal(facts[5]?.uid, 2048);
  assert.equal(facts[6]?.path, '\\\\NAS\\DOCS');
  assert.equal(facts[7]?.tid, 7);
  assert.equal(facts[8]?.name, '\\a<b>.txt');
  assert.equal(facts[8]?.access, 'read');
  assert.equal(facts[9]?.fid, 16385);
  assert.deepEqual(facts[10], { fid: 16385, offset: 2, length: 100 });
  assert.deepEqual(facts[11], { bytes: 5, data: '"hello"' });
});

test('responses know how long they took; a refusal is one', () => {
  const { packets } = record(classicExchange({ openStatus: NtStatus.ObjectNameNotFound }));
  const refused = packets[9]?.messages[0];
  assert.equal(refused?.status, 'STATUS_OBJECT_NAME_NOT_FOUND');
  assert.equal(refused?.refused, true);
  assert.deepEqual(refused?.facts, {});
  for (const { from, messages } of packets) assert.equal(messages[0]?.latencyMs, from === 'server' ? 1 : undefined);
});

test('a refused session says why', () => {
  const { packets } = record([event('server', 0, packet(0x83, Uint8Array.of(0x82)))]);
  assert.deepEqual(packets[0]?.messages[0]?.facts, { reason: 'CALLED_NAME_NOT_PRESENT' });
  assert.equal(packets[0]?.messages[0]?.refused, true);
});

test('what is cut off or nonsense is shown as far as it goes', () => {
  for (const { frame } of classicExchange()) {
    for (let length = 0; length < frame.length; length += 7) {
      const [shown] = record([event('client', 0, frame.slice(0, length))]).packets;
      assert.ok(shown);
      assert.notEqual(shown.malformed ?? shown.messages[0]?.malformed, undefined);
    }
  }
  const noise = packet(
    0,
    Uint8Array.from({ length: 40 }, (_, i) => i * 31),
  );
  assert.equal(record([event('client', 0, noise)]).packets[0]?.messages[0]?.protocol, 'UNKNOWN');
});

test('JSON has every field with its bytes', () => {
  const json = JSON.parse(JSON.stringify(exchangeJson(record()))) as ReturnType<typeof exchangeJson>;
  assert.equal(json.packets.length, 12);
  const tree = json.packets[6];
  assert.equal(tree?.direction, 'client→server');
  assert.equal(tree?.step, 4);
  type Leaf = { name: string; at: number; size: number; value: unknown; children?: readonly Leaf[] };
  const leaves = (list: readonly Leaf[]): Leaf[] => list.flatMap((f) => (f.children ? leaves(f.children) : [f]));
  const path = leaves(tree?.messages[0]?.fields ?? []).find(({ name }) => name === 'Path');
  assert.ok(path);
  const bytes = Buffer.from(tree?.hex ?? '', 'hex').subarray(path.at, path.at + path.size);
  assert.equal(bytes.toString('utf16le').replace(/\0$/, ''), '\\\\NAS\\DOCS');
});

test('an encrypted frame shows what was inside, message by message', () => {
  const echo = (next: string, rest: string): string =>
    `fe534d4240000000000000000d000100000000${next}${'00'.repeat(40)}04000000${rest}`;
  const inside = fromHex(echo('0048000000', '00000000') + echo('0000000000', ''));
  const sealed = fromHex(`fd534d42${'00'.repeat(40)}0100${'00'.repeat(6)}${'ee'.repeat(20)}`);
  const one = event('client', 0, packet(0, sealed));
  const [opaque] = record([one]).packets;
  assert.deepEqual([opaque?.encrypted, opaque?.messages.map(({ name }) => name)], [true, ['SMB2 TRANSFORM']]);
  const [open] = record([{ ...one, plain: inside }]).packets;
  assert.equal(open?.encrypted, true);
  assert.deepEqual(
    open?.messages.map(({ name }) => name),
    ['SMB2 ECHO', 'SMB2 ECHO'],
  );
  assert.equal(open?.messages[1]?.fields[0]?.at, 72);
  assert.ok(open?.frameFields.some(({ name }) => name === 'SMB2 Transform Header'));
});

test('it listens to one end only where a process is both', () => {
  const recorder = new Recorder({ role: 'client' }).start();
  const [first] = classicExchange();
  assert.ok(first);
  frames.publish(first);
  frames.publish({ ...first, connection: { ...CONNECTION, id: 2, role: 'server' } });
  recorder.stop();
  frames.publish(first);
  assert.equal(recorder.packets.length, 1);
});
