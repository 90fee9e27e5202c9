import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { Malformed } from '../io/malformed.js';
import { dissectSmb1 } from './dissect.js';
import { decodeChain, encodeChain } from './message.js';
import { RECORDED_FRAMES } from './recorded-frames.test.data.js';

/** Frames in which a peer's padding or empty offsets differ from ours: only their meaning must survive. */
const OTHER_PADDING =
  /TRANSACT|NT_CREATE_ANDX request|SESSION_SETUP_ANDX request|SET_INFORMATION request|WRITE_ANDX request|ANDX \+ .*request|FIND_CLOSE response/;

test('there are frames', () => assert.ok(RECORDED_FRAMES.length > 150));

for (const { name, frame, request } of RECORDED_FRAMES) {
  test(`recorded ${name}`, () => {
    const bytes = fromHex(frame);
    const message = decodeChain(bytes);
    const encoded = encodeChain(message).slice();
    if (!OTHER_PADDING.test(name)) assert.equal(toHex(encoded), frame);
    assert.deepEqual(decodeChain(encoded), message);

    const related = request === undefined ? undefined : decodeChain(fromHex(request));
    const dissection = dissectSmb1(bytes, related);
    assert.equal(dissection.malformed, undefined);
    assert.equal(dissection.blocks.length, message.blocks.length);
    assert.ok(dissection.fields.length > message.blocks.length);
    const subcommand = / ((?:TRANS2|TRANS|NT_TRANSACT)_\w+)/.exec(name)?.[1];
    if (subcommand !== undefined) assert.ok(dissection.name.endsWith(subcommand), dissection.name);
  });

  test(`cut ${name}`, () => {
    const bytes = fromHex(frame);
    const related = request === undefined ? undefined : decodeChain(fromHex(request));
    for (let cut = 0; cut < bytes.length; cut++) {
      const part = bytes.slice(0, cut);
      try {
        decodeChain(part);
      } catch (error) {
        assert.ok(error instanceof Malformed, String(error));
      }
      dissectSmb1(part, related);
    }
  });
}
