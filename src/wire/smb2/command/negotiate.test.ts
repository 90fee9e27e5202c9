import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';
import type { Wire } from '../../io/layout.js';
import { Malformed } from '../../io/malformed.js';
import { Dialect } from '../dialect.js';
import { findData } from '../find-data.js';
import {
  CompressionAlgorithm,
  CompressionCapabilities,
  CompressionCapabilitiesFlags,
} from '../negotiate-context/compression-capabilities.js';
import { Cipher, EncryptionCapabilities } from '../negotiate-context/encryption-capabilities.js';
import { NegotiateContext, NegotiateContextType } from '../negotiate-context/negotiate-context.js';
import { NetnameNegotiateContextId } from '../negotiate-context/netname-negotiate-context-id.js';
import { PosixExtensionsAvailable } from '../negotiate-context/posix-extensions-available.js';
import { HashAlgorithm, PreauthIntegrityCapabilities } from '../negotiate-context/preauth-integrity-capabilities.js';
import { RdmaTransform, RdmaTransformCapabilities } from '../negotiate-context/rdma-transform-capabilities.js';
import { SigningAlgorithm, SigningCapabilities } from '../negotiate-context/signing-capabilities.js';
import { TransportCapabilities } from '../negotiate-context/transport-capabilities.js';
import { Raw } from '../raw.js';
import { NegotiateRequest, NegotiateResponse, SecurityMode } from './negotiate.js';

const at64 = { headerLength: 64 };
const set = <T extends object>(target: T, values: Partial<T>): T => Object.assign(target, values);
const TOKEN = `604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa32a3028a0261b246e6f745f646566696e65645f
  696e5f5246433431373840706c656173655f69676e6f7265`;

// smbclient and smbd of Samba 4.17 at 2.0.2.
golden(
  NegotiateRequest,
  { securityMode: SecurityMode.SigningEnabled, dialects: [Dialect.Smb202] },
  '240001000100000000000000000000000000000000000000000000000000000000000000 0202',
  at64,
);
golden(
  NegotiateResponse,
  {
    securityMode: SecurityMode.SigningEnabled,
    dialectRevision: Dialect.Smb202,
    serverGuid: '65736162-696c-656e-0000-000000000000',
    capabilities: 1,
    maxTransactSize: 0x10000,
    maxReadSize: 0x10000,
    maxWriteSize: 0x10000,
    systemTime: 0x01dd7b38786d60d6n,
    securityBuffer: fromHex(TOKEN),
  },
  `4100 0100 0202 0000 626173656c696e650000000000000000 01000000 00000100 00000100 00000100 d6606d78387bdd01
   0000000000000000 8000 4a00 00000000 ${TOKEN}`,
  at64,
);

// The same two at 3.1.1.
golden(
  NegotiateRequest,
  {
    securityMode: SecurityMode.SigningEnabled,
    capabilities: 0x7f,
    clientGuid: '658a2bf1-e61a-4bbf-a38a-f42730bc9c53',
    dialects: [Dialect.Smb202, Dialect.Smb210, Dialect.Smb300, Dialect.Smb302, Dialect.Smb311],
    negotiateContexts: [
      NegotiateContext.of(
        NegotiateContextType.PreauthIntegrityCapabilities,
        set(new PreauthIntegrityCapabilities(), {
          hashAlgorithms: [HashAlgorithm.Sha512],
          salt: fromHex('4b9e08f8702ca9dc414f7ac9ea323b1d722ce6e76fe7fbafd48ad9df46c12f00'),
        }),
      ),
      NegotiateContext.of(
        NegotiateContextType.EncryptionCapabilities,
        set(new EncryptionCapabilities(), {
          ciphers: [Cipher.Aes128Gcm, Cipher.Aes128Ccm, Cipher.Aes256Gcm, Cipher.Aes256Ccm],
        }),
      ),
      NegotiateContext.of(
        NegotiateContextType.SigningCapabilities,
        set(new SigningCapabilities(), {
          signingAlgorithms: [SigningAlgorithm.AesGmac, SigningAlgorithm.AesCmac, SigningAlgorithm.HmacSha256],
        }),
      ),
      NegotiateContext.of(
        NegotiateContextType.NetnameNegotiateContextId,
        set(new NetnameNegotiateContextId(), { netName: '127.0.0.1' }),
      ),
    ],
  },
  `24000500010000007f000000f12b8a651ae6bf4ba38af42730bc9c53 70000000 0400 0000 02021002000302031103 0000
   0100260000000000 010020000100 4b9e08f8702ca9dc414f7ac9ea323b1d722ce6e76fe7fbafd48ad9df46c12f00 0000
   02000a0000000000 04000200010004000300 000000000000 0800080000000000 0300020001000000
   0500120000000000 3100320037002e0030002e0030002e003100`,
  at64,
);
golden(
  NegotiateResponse,
  {
    securityMode: SecurityMode.SigningEnabled,
    dialectRevision: Dialect.Smb311,
    serverGuid: '65736162-696c-656e-0000-000000000000',
    capabilities: 0x0f,
    maxTransactSize: 0x800000,
    maxReadSize: 0x800000,
    maxWriteSize: 0x800000,
    systemTime: 0x01dd7b38788f22d4n,
    securityBuffer: fromHex(TOKEN),
    negotiateContexts: [
      NegotiateContext.of(
        NegotiateContextType.PreauthIntegrityCapabilities,
        set(new PreauthIntegrityCapabilities(), {
          hashAlgorithms: [HashAlgorithm.Sha512],
          salt: fromHex('b84613ec82bee9f3f3acb525cb160c39f200e082d60eeb5ed8ee4c2c439ba2f4'),
        }),
      ),
      NegotiateContext.of(
        NegotiateContextType.EncryptionCapabilities,
        set(new EncryptionCapabilities(), { ciphers: [Cipher.Aes128Gcm] }),
      ),
      NegotiateContext.of(
        NegotiateContextType.SigningCapabilities,
        set(new SigningCapabilities(), { signingAlgorithms: [SigningAlgorithm.AesGmac] }),
      ),
    ],
  },
  `4100 0100 1103 0300 626173656c696e650000000000000000 0f000000 00008000 00008000 00008000 d4228f78387bdd01
   0000000000000000 8000 4a00 d0000000 ${TOKEN} 000000000000
   0100260000000000 010020000100 b84613ec82bee9f3f3acb525cb160c39f200e082d60eeb5ed8ee4c2c439ba2f4 0000
   0200040000000000 01000200 00000000 0800040000000000 01000200`,
  at64,
);

// The other contexts, by hand from the tables of [MS-SMB2] 2.2.3.1.
golden(
  NegotiateContext,
  {
    contextType: NegotiateContextType.CompressionCapabilities,
    data: set(new CompressionCapabilities(), {
      flags: CompressionCapabilitiesFlags.Chained,
      compressionAlgorithms: [CompressionAlgorithm.PatternV1, CompressionAlgorithm.Lz77],
    }),
  },
  '03000c0000000000 0200 0000 01000000 0400 0200',
);
golden(
  NegotiateContext,
  { contextType: NegotiateContextType.TransportCapabilities, data: set(new TransportCapabilities(), { flags: 1 }) },
  '0600040000000000 01000000',
);
golden(
  NegotiateContext,
  {
    contextType: NegotiateContextType.RdmaTransformCapabilities,
    data: set(new RdmaTransformCapabilities(), { rdmaTransformIds: [RdmaTransform.Encryption, RdmaTransform.Signing] }),
  },
  '07000c0000000000 0200 0000 00000000 0100 0200',
);
golden(
  NegotiateContext,
  {
    contextType: NegotiateContextType.PosixExtensionsAvailable,
    data: set(new PosixExtensionsAvailable(), { version: fromHex('93ad25509cb411e7b42383de968bcd7c') }),
  },
  '0001100000000000 93ad25509cb411e7b42383de968bcd7c',
);
golden(
  NegotiateContext,
  { contextType: 0x7777, data: set(new Raw(), { bytes: fromHex('010203') }) },
  '7777030000000000 010203',
);

const behindHeader = (body: Wire): Wire => ({
  layout: (io) => {
    io.skip('Header', 64);
    body.layout(io);
  },
});

test('contexts are found by their class, and not written below 3.1.1', () => {
  const request = set(new NegotiateRequest(), {
    dialects: [Dialect.Smb302],
    negotiateContexts: [NegotiateContext.of(NegotiateContextType.SigningCapabilities, new SigningCapabilities())],
  });
  assert.ok(findData(request.negotiateContexts, SigningCapabilities));
  assert.equal(findData(request.negotiateContexts, EncryptionCapabilities), undefined);
  assert.equal(new Encoder().encode(behindHeader(request)).length, 64 + 36 + 2);
});

test('contexts that lie elsewhere or are fewer than said are malformed', () => {
  const bytes = (offset: string, count: string): Uint8Array =>
    fromHex(`${'00'.repeat(64)} 2400 0100 0100 0000 00000000 ${'00'.repeat(16)} ${offset} ${count} 0000 1103 0000
             0600040000000000 01000000`);
  const read = (from: Uint8Array): NegotiateRequest => {
    const request = new NegotiateRequest();
    behindHeader(request).layout(new Decoder().reset(from));
    return request;
  };
  assert.equal(read(bytes('68000000', '0100')).negotiateContexts.length, 1);
  assert.throws(() => read(bytes('68000000', '0200')), Malformed);
  assert.throws(() => read(bytes('68000000', 'ffff')), Malformed);
  assert.throws(() => read(bytes('ffffffff', '0100')), Malformed);
  assert.throws(() => read(bytes('74000000', '0100')), Malformed);
});
