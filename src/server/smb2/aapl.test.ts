import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { readOnly } from '#fs/read-only.js';
import { CreateAaplRequest, CreateAaplResponse } from '#wire/smb2/create-context/aapl.js';
import type { Created } from '../action/create.js';
import { answerAapl } from './aapl.js';

const by = (backend: object): Created => ({ open: { backend } }) as unknown as Created;

test('no extension is offered, and only what was asked for is answered', () => {
  const asked = Object.assign(new CreateAaplRequest(), { requestBitmap: 7, clientCapabilities: 0xf });
  const answer = answerAapl(by(memory()), asked);
  assert.ok(answer instanceof CreateAaplResponse);
  const { replyBitmap, serverCapabilities, volumeCapabilities, modelString } = answer;
  assert.deepEqual([replyBitmap, serverCapabilities, volumeCapabilities, modelString], [7, 0, 4, 'sombrero']);
  const model = Object.assign(new CreateAaplRequest(), { requestBitmap: 0xf0 | 4 });
  const reply = answerAapl(by(readOnly(memory())), model);
  assert.ok(reply instanceof CreateAaplResponse);
  assert.deepEqual([reply.replyBitmap, reply.volumeCapabilities], [4, 0]);
});

test('other commands are not answered', () => {
  assert.equal(answerAapl(by(memory()), Object.assign(new CreateAaplRequest(), { commandCode: 2 })), undefined);
});
