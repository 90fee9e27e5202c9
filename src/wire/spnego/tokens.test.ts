import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import type { Field } from '../io/dissector.js';
import { Encoder } from '../io/encoder.js';
import type { Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { AuthenticateMessage, ChallengeMessage, NegotiateMessage } from '../ntlm/messages.js';
import { isNtlm } from '../ntlm/payload.js';
import { dissectSpnego } from './dissect.js';
import { Oid } from './oids.js';
import { encodeMechList, NegState, NegTokenInit, type NegTokenResp, NO_HINT, readSpnego } from './tokens.js';
import { SAMPLES } from './tokens.test.samples.js';

const NTLM: readonly (new () => Wire)[] = [NegotiateMessage, ChallengeMessage, AuthenticateMessage];

function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  for (const field of fields) {
    const found = field.name === name && !field.children?.length ? field : fieldNamed(field.children ?? [], name);
    if (found) return found;
  }
  return undefined;
}

for (const [name, hex] of Object.entries(SAMPLES)) {
  test(`${name} encodes to the same bytes`, () => {
    const bytes = fromHex(hex);
    const token = readSpnego(bytes);
    assert.equal(toHex(token.encode()), toHex(bytes));
    const inner = token instanceof NegTokenInit ? token.mechToken : token.responseToken;
    const dissection = dissectSpnego(bytes);
    assert.equal(dissection.malformed, undefined);
    if (inner.length === 0) return;
    assert.ok(isNtlm(inner));
    const make = NTLM[(inner[8] as number) - 1] as new () => Wire;
    const message = new make();
    message.layout(new Decoder().reset(inner));
    assert.equal(toHex(new Encoder().encode(message)), toHex(inner));
    const flags = fieldNamed(dissection.fields, 'NegotiateFlags') as Field;
    const value = new DataView(bytes.buffer, flags.at, 4).getUint32(0, true);
    assert.equal(flags.value, value, 'positions count from the start of the token');
  });

  test(`${name}: cut or altered, nothing but Malformed`, () => {
    const bytes = fromHex(hex);
    const place = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(place, place, fc.nat(255), (cut, at, value) => {
        const altered = bytes.slice(0, cut + 1);
        if (at < altered.length) altered[at] = value;
        dissectSpnego(altered);
        try {
          const token = readSpnego(altered);
          const inner = token instanceof NegTokenInit ? token.mechToken : token.responseToken;
          for (const make of NTLM) new make().layout(new Decoder().reset(inner));
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
}

test('what the tokens say', () => {
  const hint = readSpnego(fromHex(SAMPLES.sambaHint)) as NegTokenInit;
  assert.deepEqual([hint.mechTypes, hint.hasHints, hint.hintName], [[Oid.Ntlmssp], true, NO_HINT]);
  const challenge = readSpnego(fromHex(SAMPLES.windowsChallenge)) as NegTokenResp;
  assert.deepEqual([challenge.negState, challenge.supportedMech], [NegState.AcceptIncomplete, Oid.Ntlmssp]);
  const { fields } = dissectSpnego(fromHex(`ffff${SAMPLES.windowsAuthenticate}`), 2);
  assert.equal(fieldNamed(fields, 'UserName')?.text, 'administrator');
  assert.equal(fieldNamed(fields, 'MIC')?.text, 'ecac77a5f385a8bf9c38c706eeeddcd3');
  assert.equal(fieldNamed(fields, 'Flags')?.text, 'MIC_PRESENT');
  assert.equal(fieldNamed(fields, 'ChallengeFromClient')?.size, 8);
  assert.equal(fieldNamed(fields, 'SeqNum')?.value, 0);
  assert.equal(fieldNamed(fields, 'negState')?.text, 'accept-incomplete');
  assert.equal(
    fieldNamed(dissectSpnego(fromHex(SAMPLES.sambaHint)).fields, 'MechType[0]')?.text,
    `NTLMSSP (${Oid.Ntlmssp})`,
  );
});

test('object identifiers', () => {
  const all = Object.values(Oid);
  assert.equal(
    toHex(encodeMechList(all)),
    `3042${'06062b0601050502'}${'060a2b06010401823702020a'}${'06092a864886f712010202'}${'06092a864882f712010202'}${'060a2a864886f71201020203'}${'060a2b06010401823702021e'}`,
  );
  const offer = Object.assign(new NegTokenInit(), {
    mechTypes: all,
    reqFlags: Uint8Array.of(0, 0),
    mechListMic: Uint8Array.of(1),
  });
  assert.deepEqual(readSpnego(offer.encode()), offer);
});

test('lengths that lie', () => {
  for (const hex of [
    'a180',
    'a1848000',
    'a18500000000',
    'a103300500',
    'a1053003a0010a',
    'a1',
    '',
    '60',
    '3000',
    'a10530030a0100a0',
  ]) {
    const bytes = fromHex(hex);
    if (hex === 'a10530030a0100a0') assert.doesNotThrow(() => readSpnego(bytes), 'unknown elements are passed over');
    else assert.throws(() => readSpnego(bytes), Malformed, hex);
    dissectSpnego(bytes);
  }
  const long = fromHex('a1820009 30820005 a0030a0102'.replaceAll(' ', ''));
  assert.equal((readSpnego(long) as NegTokenResp).negState, NegState.Reject, 'lengths in a longer form are read');
});
