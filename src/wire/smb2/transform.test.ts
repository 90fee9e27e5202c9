import { fromHex, golden } from '#testing/golden.js';
import {
  CompressionChainedPayload,
  CompressionFlags,
  CompressionPatternPayloadV1,
  CompressionTransformChained,
  CompressionTransformHeader,
} from './compression.js';
import { CompressionAlgorithm } from './negotiate-context/compression-capabilities.js';
import { TransformHeader } from './transform.js';

// smbclient 4.17 at 3.1.1 with encryption.
golden(
  TransformHeader,
  {
    signature: fromHex('98bc1724e2bfea18c387d82bda0698c9'),
    nonce: fromHex('01000000000000006fe9c44000000000'),
    originalMessageSize: 106,
    sessionId: 0x33042b6dn,
  },
  `fd534d42 98bc1724e2bfea18c387d82bda0698c9 01000000000000006fe9c44000000000 6a000000 0000 0100 6d2b043300000000`,
);

// By hand from the tables of [MS-SMB2] 2.2.42.
golden(
  CompressionTransformHeader,
  { originalCompressedSegmentSize: 0x1000, compressionAlgorithm: CompressionAlgorithm.Lz77, offset: 80 },
  'fc534d42 00100000 0200 0000 50000000',
);
golden(
  CompressionTransformChained,
  {
    originalCompressedSegmentSize: 0x80,
    payloads: [
      Object.assign(new CompressionChainedPayload(), {
        compressionAlgorithm: CompressionAlgorithm.Lz77,
        flags: CompressionFlags.Chained,
        originalPayloadSize: 0x40,
        payload: fromHex('ffffff7f61070f'),
      }),
      Object.assign(new CompressionChainedPayload(), {
        compressionAlgorithm: CompressionAlgorithm.PatternV1,
        payload: fromHex('4100000030000000'),
      }),
      Object.assign(new CompressionChainedPayload(), { payload: fromHex('01020304') }),
    ],
  },
  `fc534d42 80000000  0200 0100 0b000000 40000000 ffffff7f61070f  0400 0000 08000000 4100000030000000
   0000 0000 04000000 01020304`,
);
golden(CompressionPatternPayloadV1, { pattern: 0x41, repetitions: 48 }, '4100000030000000');
