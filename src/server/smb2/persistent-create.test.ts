import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksV2, OTHER } from '#testing/durable-bench.js';
import { answerOf, asks, CAPABLE, closed, comesBack, NONE, Site } from '#testing/persistent-bench.js';
import { turn } from '#testing/smb2-peer.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { CreateAction, type CreateResponse } from '#wire/smb2/command/create.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import type { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { DurableHandleFlags } from '#wire/smb2/create-context/durable-handle-v2.js';
import { Command } from '#wire/smb2/header.js';

const { Success, FileNotAvailable, DuplicateObjectid } = NtStatus;
const { Persistent } = DurableHandleFlags;

test('without a crash an open waits likewise, and its CREATE can come again', async () => {
  const site = new Site();
  const client = await site.client();
  const { fileId } = await client.opened([asks()], NONE);
  const write = Object.assign(new WriteRequest(), { fileId, data: Uint8Array.of(1) });
  assert.equal(await client.ask(Command.Write, write), Success);
  const again = (await client.again([asks()], NONE)) as CreateResponse;
  assert.deepEqual([again.fileId, answerOf(again)?.flags], [fileId, Persistent], 'although it has been used');
  assert.equal(await site.bench.held(), '1 0 1');
  await client.lose();
  assert.equal(await site.bench.held(), '0 1 1');
  const other = await site.client({ clientGuid: OTHER });
  assert.equal(await other.open([], NONE), FileNotAvailable);
  await site.bench.clock.wind(60_000);
  for (let i = 0; i < 5; i++) await turn();
  await other.opened([], NONE);
});

test('a CREATE whose answer was lost with the server is answered by the next one', async () => {
  const site = new Site();
  await (await site.client()).opened([asks()], NONE);
  await site.crash();
  const client = await site.client();
  assert.equal(await client.open([asks()], NONE), DuplicateObjectid);
  const back = (await client.again([asks()], NONE)) as CreateResponse;
  assert.deepEqual([answerOf(back)?.flags, back.createAction], [Persistent, CreateAction.Created]);
  assert.equal(await site.bench.held(), '1 0 1');
  await site.crash();
  await (await site.client()).opened([comesBack(FileId.none)]);
});

test('a CREATE is known as long as what it opened is there, however often that came back', async () => {
  const site = new Site();
  const { fileId } = await (await site.client()).opened([asks()], NONE);
  await site.crash();
  const client = await site.client();
  const back = await client.opened([comesBack(fileId)]);
  assert.equal(await client.open([asks()], NONE), DuplicateObjectid);
  const again = (await client.again([asks()], NONE)) as CreateResponse;
  assert.deepEqual([again.fileId, again.createAction], [back.fileId, CreateAction.Created]);
  const elsewhere = await site.client(CAPABLE);
  assert.equal(await elsewhere.again([asks()], NONE), DuplicateObjectid, 'it is in use there');
  assert.equal(await site.bench.held(), '1 0 1');
  assert.equal(await client.ask(Command.Close, closed(back.fileId)), Success);
  const next = await client.opened([asks()], NONE);
  assert.notDeepEqual(next.fileId, back.fileId);
});

test('a CREATE without a GUID is not known by that', async () => {
  const site = new Site();
  const nameless = (): CreateContextRequest => {
    const context = asksV2(0, Persistent);
    Object.assign(context.data, { createGuid: NIL_GUID });
    return context;
  };
  const client = await site.client();
  const [one, two] = [
    await client.opened([nameless()], NONE),
    await client.opened([nameless()], { ...NONE, name: 'g' }),
  ];
  assert.deepEqual([answerOf(one)?.flags, answerOf(two)?.flags], [Persistent, Persistent]);
  await site.crash();
  const again = await site.client();
  assert.equal(await again.open([comesBack(FileId.none, NIL_GUID)]), NtStatus.ObjectNameNotFound);
  for (const { fileId } of [two, one]) {
    const back = await again.opened([comesBack(fileId, NIL_GUID)], NONE);
    assert.deepEqual([back.fileId.p0, back.fileId.p1], [fileId.p0, fileId.p1]);
  }
});
