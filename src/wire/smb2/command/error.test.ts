import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { NtStatus } from '../../erref/nt-status.js';
import { Decoder } from '../../io/decoder.js';
import { BufferTooSmallError } from '../error-data/buffer-too-small.js';
import { MoveDstIpAddr, MoveDstIpAddrType, ShareRedirectError } from '../error-data/share-redirect.js';
import { SymbolicLinkError } from '../error-data/symbolic-link.js';
import { Raw } from '../raw.js';
import { ErrorContext, ErrorId, ErrorResponse } from './error.js';

const at64 = { headerLength: 64 };
const set = <T extends object>(target: T, values: Partial<T>): T => Object.assign(target, values);

// smbd of Samba 4.17, STATUS_OBJECT_NAME_NOT_FOUND in all dialects.
golden(ErrorResponse, {}, '0900 00 00 00000000 00', at64);
// By hand from [MS-SMB2] 2.2.2: data below 3.1.1, contexts in 3.1.1.
golden(ErrorResponse, { errorData: set(new Raw(), { bytes: fromHex('010203') }) }, '0900 00 00 03000000 010203', at64);
golden(
  ErrorResponse,
  {
    errorContexts: [
      set(new ErrorContext(), {
        errorId: ErrorId.ShareRedirect,
        data: set(new ShareRedirectError(), {
          ipAddrMoveList: [
            set(new MoveDstIpAddr(), {
              type: MoveDstIpAddrType.V4,
              address: fromHex('0a000001 000000000000000000000000'),
            }),
          ],
          resourceName: 'data',
        }),
      }),
      new ErrorContext(),
    ],
  },
  `0900 02 00 48000000  38000000 53526472
   30000000 03000000 30000000 08000000 0000 0000 01000000 01000000 00000000 0a000001000000000000000000000000
   6400610074006100  00000000 00000000`,
  at64,
);
class BufferTooSmall extends ErrorResponse {
  constructor() {
    super(NtStatus.BufferTooSmall);
  }
}
golden(
  BufferTooSmall,
  { errorData: set(new BufferTooSmallError(), { requiredLength: 0x1234 }) },
  '0900 00 00 04000000 34120000',
  at64,
);
golden(
  BufferTooSmall,
  {
    errorContexts: [set(new ErrorContext(), { data: set(new BufferTooSmallError(), { requiredLength: 0x1234 }) })],
  },
  '0900 01 00 0c000000 04000000 00000000 34120000',
  at64,
);

// By hand from [MS-SMB2] 2.2.2.2.1: an absolute target, and five characters of the path unparsed.
class StoppedOnSymlink extends ErrorResponse {
  constructor() {
    super(NtStatus.StoppedOnSymlink);
  }
}
golden(
  StoppedOnSymlink,
  {
    errorData: SymbolicLinkError.of({ unparsedPathLength: 10, target: '\\??\\d', printName: 'd', relative: false }),
  },
  `0900 00 00 28000000  24000000 53594d4c 0c0000a0 1800 0a00 0000 0a00 0a00 0200 00000000
   5c003f003f005c006400 6400`,
  at64,
);

test('a symbolic link tells where it leads', () => {
  const error = SymbolicLinkError.of({ unparsedPathLength: 0, target: '..\\x', relative: true });
  assert.deepEqual([error.substituteName, error.printName, error.flags], ['..\\x', '..\\x', 1]);
});

test('the one byte that an error without data must have may be missing', () => {
  const error = new ErrorResponse();
  error.layout(new Decoder().reset(fromHex('0900 00 00 00000000')));
  assert.deepEqual(error.data, new Raw());
});
