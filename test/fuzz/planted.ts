import type { Target } from './oracle.js';

/** A fault behind three nested comparisons, to test the fuzzer. */
export const magic: Target = {
  name: 'planted',
  sources: /\/fuzz\/planted\.js$/,
  seeds: [],
  run(bytes) {
    if (bytes[0] === 0x53) {
      if (bytes[1] === 0x4d) {
        if (bytes.length === 4) throw new RangeError('found it');
      }
    }
  },
};
