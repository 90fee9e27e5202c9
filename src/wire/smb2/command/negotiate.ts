import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Dialect, dialectNames } from '../dialect.js';
import { NegotiateContext } from '../negotiate-context/negotiate-context.js';
import { openEnded } from '../open-ended.js';

/** [MS-SMB2] 2.2.3 SecurityMode. */
export const SecurityMode = { SigningEnabled: 0x0001, SigningRequired: 0x0002 } as const;

export const securityModeNames: NameTable = namesOf(SecurityMode);

/** [MS-SMB2] 2.2.3 Capabilities, of client and server. */
export const GlobalCap = {
  Dfs: 0x00000001,
  Leasing: 0x00000002,
  LargeMtu: 0x00000004,
  MultiChannel: 0x00000008,
  PersistentHandles: 0x00000010,
  DirectoryLeasing: 0x00000020,
  Encryption: 0x00000040,
  Notifications: 0x00000080,
} as const;

export const globalCapNames: NameTable = namesOf(GlobalCap);

/** [MS-SMB2] 2.2.3 SMB2 NEGOTIATE Request. */
export class NegotiateRequest {
  securityMode = 0;
  capabilities = 0;
  clientGuid: Guid = NIL_GUID;
  dialects: number[] = [];
  /** Only if 3.1.1 is among the dialects. */
  negotiateContexts: NegotiateContext[] = [];

  layout(io: Layout): void {
    io.same16('StructureSize', 36);
    const dialectCount = io.u16('DialectCount', this.dialects.length);
    this.securityMode = io.flags16('SecurityMode', this.securityMode, securityModeNames);
    io.skip('Reserved', 2);
    this.capabilities = io.flags32('Capabilities', this.capabilities, globalCapNames);
    this.clientGuid = io.guid('ClientGuid', this.clientGuid);
    // Without 3.1.1 these eight bytes are ClientStartTime, which must be zero.
    const contexts = io.offset32('NegotiateContextOffset');
    const contextCount = io.u16('NegotiateContextCount', this.#has311 ? this.negotiateContexts.length : 0);
    io.skip('Reserved2', 2);
    this.dialects = io.u16s('Dialects', dialectCount, this.dialects);
    if (!this.#has311 || contextCount === 0) return;
    io.align(8);
    io.within('NegotiateContextList', openEnded(io, contexts), () => {
      const make = (): NegotiateContext => new NegotiateContext();
      this.negotiateContexts = io.list('NegotiateContext', contextCount, this.negotiateContexts, make, 8);
    });
  }

  get #has311(): boolean {
    return this.dialects.includes(Dialect.Smb311);
  }
}

/** [MS-SMB2] 2.2.4 SMB2 NEGOTIATE Response. */
export class NegotiateResponse {
  securityMode = 0;
  dialectRevision = 0;
  serverGuid: Guid = NIL_GUID;
  capabilities = 0;
  maxTransactSize = 0;
  maxReadSize = 0;
  maxWriteSize = 0;
  systemTime = 0n;
  serverStartTime = 0n;
  /** A SPNEGO token. */
  securityBuffer: Uint8Array = EMPTY;
  /** Only in 3.1.1. */
  negotiateContexts: NegotiateContext[] = [];

  layout(io: Layout): void {
    io.same16('StructureSize', 65);
    this.securityMode = io.flags16('SecurityMode', this.securityMode, securityModeNames);
    this.dialectRevision = io.u16('DialectRevision', this.dialectRevision, dialectNames);
    const has311 = this.dialectRevision === Dialect.Smb311;
    const contextCount = io.u16('NegotiateContextCount', has311 ? this.negotiateContexts.length : 0);
    this.serverGuid = io.guid('ServerGuid', this.serverGuid);
    this.capabilities = io.flags32('Capabilities', this.capabilities, globalCapNames);
    this.maxTransactSize = io.u32('MaxTransactSize', this.maxTransactSize);
    this.maxReadSize = io.u32('MaxReadSize', this.maxReadSize);
    this.maxWriteSize = io.u32('MaxWriteSize', this.maxWriteSize);
    this.systemTime = io.time('SystemTime', this.systemTime);
    this.serverStartTime = io.time('ServerStartTime', this.serverStartTime);
    const buffer = io.offset16('SecurityBufferOffset');
    io.length16('SecurityBufferLength', buffer);
    buffer.keepOffset = true;
    // Below 3.1.1 this is Reserved2, which may hold anything.
    const contexts = io.offset32('NegotiateContextOffset');
    this.securityBuffer = io.bytesAt('Buffer', buffer, this.securityBuffer);
    if (!has311 || contextCount === 0) return;
    io.align(8);
    io.within('NegotiateContextList', openEnded(io, contexts), () => {
      const make = (): NegotiateContext => new NegotiateContext();
      this.negotiateContexts = io.list('NegotiateContext', contextCount, this.negotiateContexts, make, 8);
    });
  }
}
