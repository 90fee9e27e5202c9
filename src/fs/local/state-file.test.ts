import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeParts, encodePart } from './state-file.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const read = (file: Uint8Array): string | undefined => {
  const body = decodeParts(file);
  return body && new TextDecoder().decode(body);
};

const one = encodePart(bytes('one '));
const two = encodePart(bytes('two '), one.tail);
const three = encodePart(bytes('three'), two.tail);

test('parts are read in order', () => {
  assert.equal(read(one.bytes), 'one ');
  assert.equal(read(joined(one.bytes, two.bytes, three.bytes)), 'one two three');
  assert.equal(three.tail.size, one.bytes.length + two.bytes.length + three.bytes.length);
  assert.equal(read(encodePart(bytes('')).bytes), '');
});

test('of an addition that did not come to its end nothing is there', () => {
  for (let length = 0; length < three.bytes.length; length++) {
    const cut = three.bytes.slice(0, length);
    assert.equal(read(joined(one.bytes, two.bytes, cut)), 'one two ', `${length}`);
    const unwritten = new Uint8Array(three.bytes.length);
    unwritten.set(cut);
    assert.equal(read(joined(one.bytes, two.bytes, unwritten)), 'one two ', `${length}, then zeros`);
  }
});

test('what is missing, twice, changed or empty is damage', () => {
  assert.equal(read(new Uint8Array(0)), undefined);
  assert.equal(read(joined(two.bytes)), undefined);
  assert.equal(read(joined(one.bytes, three.bytes, three.bytes)), undefined);
  assert.equal(read(joined(one.bytes, one.bytes, two.bytes)), undefined);
  const whole = joined(one.bytes, two.bytes, three.bytes);
  for (let at = 0; at < one.bytes.length + two.bytes.length; at++) {
    const changed = whole.slice();
    changed[at] = (changed[at] as number) ^ 1;
    assert.equal(read(changed), undefined, `${at}`);
  }
});
