/** MaxMpxCount ([MS-CIFS] 2.2.4.52.2): concurrent requests. */
export const MAX_MPX = 50;
/** How many of them may be pending change notifications. */
export const MAX_HELD = 40;
/** MaxBufferSize: the longest message, except for large reads and writes. */
export const MAX_BUFFER = 0xffff;
/** Minimum buffer size assumed for a client that states less. */
export const SMALLEST_BUFFER = 1024;
