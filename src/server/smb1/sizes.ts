/** MaxMpxCount ([MS-CIFS] 2.2.4.52.2): requests under way at a time. */
export const MAX_MPX = 50;
/** How many of them may be change notifications that wait. */
export const MAX_HELD = 40;
/** MaxBufferSize: the longest message but for large reads and writes. */
export const MAX_BUFFER = 0xffff;
/** What is sent to a client that says it takes less. */
export const SMALLEST_BUFFER = 1024;
