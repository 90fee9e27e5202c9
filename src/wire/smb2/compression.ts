import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';
import { CompressionAlgorithm, compressionAlgorithmNames } from './negotiate-context/compression-capabilities.js';

/** 0xFC 'S' 'M' 'B', little-endian. */
export const COMPRESSION_PROTOCOL_ID = 0x424d53fc;

/** [MS-SMB2] 2.2.42 Flags. */
export const CompressionFlags = { None: 0x0000, Chained: 0x0001 } as const;

const compressionFlagNames: NameTable = namesOf(CompressionFlags);

/** [MS-SMB2] 2.2.42.1 SMB2_COMPRESSION_TRANSFORM_HEADER_UNCHAINED. */
export class CompressionTransformHeader {
  originalCompressedSegmentSize = 0;
  compressionAlgorithm = 0;
  flags = 0;
  /** Distance from the end of this header to the compressed data; the bytes between are not compressed. */
  offset = 0;

  layout(io: Layout): void {
    io.same32('ProtocolId', COMPRESSION_PROTOCOL_ID);
    this.originalCompressedSegmentSize = io.u32('OriginalCompressedSegmentSize', this.originalCompressedSegmentSize);
    this.compressionAlgorithm = io.u16('CompressionAlgorithm', this.compressionAlgorithm, compressionAlgorithmNames);
    this.flags = io.u16('Flags', this.flags, compressionFlagNames);
    this.offset = io.u32('Offset', this.offset);
  }
}

/** [MS-SMB2] 2.2.42.2.1 SMB2_COMPRESSION_CHAINED_PAYLOAD_HEADER, with its payload. */
export class CompressionChainedPayload {
  compressionAlgorithm = 0;
  /** `Chained` on the first payload of a chain. */
  flags = 0;
  originalPayloadSize = 0;
  payload: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.compressionAlgorithm = io.u16('CompressionAlgorithm', this.compressionAlgorithm, compressionAlgorithmNames);
    this.flags = io.u16('Flags', this.flags, compressionFlagNames);
    const length = io.length32('Length');
    io.within('Payload', length, () => {
      if (this.#hasOriginalSize) this.originalPayloadSize = io.u32('OriginalPayloadSize', this.originalPayloadSize);
      this.payload = io.rest('Data', this.payload);
    });
  }

  get #hasOriginalSize(): boolean {
    return (
      this.compressionAlgorithm !== CompressionAlgorithm.None &&
      this.compressionAlgorithm !== CompressionAlgorithm.PatternV1
    );
  }
}

/** [MS-SMB2] 2.2.42.2 SMB2_COMPRESSION_TRANSFORM_HEADER_CHAINED, with all its payloads. */
export class CompressionTransformChained {
  originalCompressedSegmentSize = 0;
  payloads: CompressionChainedPayload[] = [];

  layout(io: Layout): void {
    io.same32('ProtocolId', COMPRESSION_PROTOCOL_ID);
    this.originalCompressedSegmentSize = io.u32('OriginalCompressedSegmentSize', this.originalCompressedSegmentSize);
    if (io.reading) {
      this.payloads = [];
      while (io.left > 0) {
        const name = `CompressionPayload[${this.payloads.length}]`;
        this.payloads.push(io.struct(name, new CompressionChainedPayload()));
      }
    } else {
      for (const payload of this.payloads) io.struct('CompressionPayload', payload);
    }
  }
}

/** [MS-SMB2] 2.2.42.2.2 SMB2_COMPRESSION_PATTERN_PAYLOAD_V1. */
export class CompressionPatternPayloadV1 {
  pattern = 0;
  repetitions = 0;

  layout(io: Layout): void {
    this.pattern = io.u8('Pattern', this.pattern);
    io.skip('Reserved1', 1);
    io.skip('Reserved2', 2);
    this.repetitions = io.u32('Repetitions', this.repetitions);
  }
}
