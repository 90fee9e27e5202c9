/** [MS-SMB2] 2.2.13.2.8: what may be cached. Oplock levels (II, exclusive, batch) are expressed in the same bits. */
export const Bits = { R: 1, H: 2, W: 4 } as const;
export const OPLOCK_BITS = { none: 0, ii: 1, exclusive: 5, batch: 7 } as const;

/** Share modes, and the same bits in access masks that take part in sharing ([MS-FSA] 2.1.5.1.2.2). */
export const Shares = { Read: 1, Write: 2, Delete: 4 } as const;

export type Disposition = 'supersede' | 'open' | 'create' | 'openIf' | 'overwrite' | 'overwriteIf';

export interface OpenOp {
  readonly what: 'open';
  readonly client: number;
  readonly name: string;
  /** Bits of `Shares`; 0 only accesses attributes. */
  readonly access: number;
  readonly share: number;
  readonly disposition: Disposition;
  readonly deleteOnClose: boolean;
  readonly oplock: number;
  readonly lease?: { readonly key: string; readonly state: number; readonly version: 1 | 2 };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A fully determined operation. Opens and requests are identified by the number of the step that began them. */
export type Concrete = { readonly client: number } & (
  | OpenOp
  | { readonly what: 'close'; readonly open: number }
  | ({ readonly what: 'read' | 'write' | 'unlock'; readonly open: number } & Range)
  | { readonly what: 'truncate'; readonly open: number; readonly size: number }
  | ({ readonly what: 'lock'; readonly open: number; readonly exclusive: boolean; readonly waits: boolean } & Range)
  | { readonly what: 'rename'; readonly open: number; readonly to: string; readonly replace: boolean }
  | { readonly what: 'dispose'; readonly open: number; readonly pending: boolean }
  | { readonly what: 'acknowledge'; readonly key: string | number; readonly oplock: boolean; readonly state: number }
  | { readonly what: 'cancel'; readonly request: number }
  | { readonly what: 'leave'; readonly how: 'disconnect' | 'logoff' }
  | { readonly what: 'expire' }
);

/** The response to a request: a name of `NtStatus`, or other text; and what may be cached. */
export interface Outcome {
  readonly status: string;
  readonly granted?: number;
}

/** A break notification received by a client. */
export interface BreakTold {
  readonly client: string;
  readonly key: string | number;
  readonly from: number;
  readonly to: number;
  readonly acknowledged: boolean;
}

/** What the clients have received as a result of one operation. */
export interface Told {
  readonly answers: Map<number, Outcome>;
  breaks: BreakTold[];
}
