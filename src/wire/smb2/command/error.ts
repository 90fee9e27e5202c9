import { NtStatus } from '../../erref/nt-status.js';
import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { BufferTooSmallError } from '../error-data/buffer-too-small.js';
import { ShareRedirectError } from '../error-data/share-redirect.js';
import { SymbolicLinkError } from '../error-data/symbolic-link.js';
import { Raw } from '../raw.js';

/** [MS-SMB2] 2.2.2.1 ErrorId. */
export const ErrorId = { Default: 0x00000000, ShareRedirect: 0x72645253 } as const;

const errorIdNames: NameTable = namesOf(ErrorId, 'SMB2_ERROR_ID_');

// [MS-SMB2] 2.2.2.2. Data whose length does not match the structure stays raw.
function errorData(status: number, length: number): Wire {
  if (length > 0 && status === NtStatus.StoppedOnSymlink) return new SymbolicLinkError();
  if (length === 4 && status === NtStatus.BufferTooSmall) return new BufferTooSmallError();
  return new Raw();
}

/** [MS-SMB2] 2.2.2.1 SMB2 ERROR Context Response. */
export class ErrorContext {
  errorId = 0;
  data: Wire = new Raw();
  readonly #status: number;

  /** The status in the header of the response. */
  constructor(status = 0) {
    this.#status = status;
  }

  layout(io: Layout): void {
    const length = io.length32('ErrorDataLength');
    this.errorId = io.u32('ErrorId', this.errorId, errorIdNames);
    if (io.reading) {
      const redirect = this.errorId === ErrorId.ShareRedirect;
      this.data = redirect ? new ShareRedirectError() : errorData(this.#status, length.length);
    }
    this.data = io.structAt('ErrorContextData', length, this.data);
  }
}

/**
 * [MS-SMB2] 2.2.2 SMB2 ERROR Response. The type of the data depends on the status in the header: pass it to the
 * constructor to read more than `Raw`.
 */
export class ErrorResponse {
  /** Below 3.1.1. */
  errorData: Wire = new Raw();
  /** In 3.1.1. */
  errorContexts: ErrorContext[] = [];
  readonly #status: number;

  constructor(status = 0) {
    this.#status = status;
  }

  layout(io: Layout): void {
    io.same16('StructureSize', 9);
    const count = io.u8('ErrorContextCount', this.errorContexts.length);
    io.skip('Reserved', 1);
    const length = io.length32('ByteCount');
    if (count > 0) {
      io.within('ErrorData', length, () => {
        const make = (): ErrorContext => new ErrorContext(this.#status);
        this.errorContexts = io.list('ErrorContext', count, this.errorContexts, make, 8);
      });
      return;
    }
    if (io.reading) this.errorData = errorData(this.#status, length.length);
    this.errorData = io.structAt('ErrorData', length, this.errorData);
    // Without data there must be one byte, but not every server sends it.
    if (length.length === 0 && (!io.reading || io.left > 0)) io.skip('ErrorData', 1);
  }

  /** The data of an error in any dialect: of the first context, or of the response itself. */
  get data(): Wire {
    return this.errorContexts[0]?.data ?? this.errorData;
  }
}
