import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { Encoder } from '#wire/io/encoder.js';
import type { FileId } from '#wire/io/file-id.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import { type CreateRequest, type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import {
  CreateDurableHandleReconnectV2,
  type CreateDurableHandleResponseV2,
  DurableHandleFlags,
} from '#wire/smb2/create-context/durable-handle-v2.js';
import type { CreateLease } from '#wire/smb2/create-context/lease.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { asksV2, Bench, type Client, GUID } from './durable-bench.js';
import { MemoryStore } from './memory-store.js';
import type { PeerOptions } from './smb2-peer.js';

const { Persistent } = DurableHandleFlags;

export const NONE: Partial<CreateRequest> = { requestedOplockLevel: OplockLevel.None };
export const CAPABLE: PeerOptions = { capabilities: GlobalCap.PersistentHandles };

/** Requests a persistent handle. */
export const asks = (): CreateContextRequest => asksV2(0, Persistent);
export const comesBack = (
  fileId: FileId,
  createGuid: string = GUID,
  flags: number = Persistent,
): CreateContextRequest => {
  const data = Object.assign(new CreateDurableHandleReconnectV2(), { fileId, createGuid, flags });
  return CreateContextRequest.of(CreateContextTag.DurableHandleReconnectV2, data);
};

/** A share and a state store that outlive their server; `crash` starts the next server. */
export class Site {
  readonly backend: Backend;
  store: MemoryStore = new MemoryStore();
  bench: Bench;

  constructor(backend: Backend = memory()) {
    this.backend = backend;
    this.bench = this.#start();
  }

  #start(): Bench {
    const docs = { backend: this.backend, continuouslyAvailable: true };
    return new Bench({}, { shares: { docs, plain: memory() }, stateStore: this.store });
  }

  /** The server dies without warning. Nothing it does from now on has any effect. */
  async crash(): Promise<void> {
    this.store = new MemoryStore(this.store.records);
    this.bench = this.#start();
    await this.bench.server.ready();
  }

  async client(options: PeerOptions = {}, share = 'docs'): Promise<Client> {
    await this.bench.server.ready();
    return this.bench.client({ ...CAPABLE, ...options }, share);
  }
}

export function answerOf({ createContexts }: CreateResponse): CreateDurableHandleResponseV2 | undefined {
  return createContexts.find(({ name }) => name === CreateContextTag.DurableHandleRequestV2)
    ?.data as CreateDurableHandleResponseV2;
}

export function leaseStateOf({ createContexts }: CreateResponse): number | undefined {
  const lease = createContexts.find(({ name }) => name === CreateContextTag.Lease)?.data as CreateLease | undefined;
  return lease?.leaseState;
}

export const locked = (fileId: FileId, flags: number = LockFlags.ExclusiveLock): object => {
  const locks = [Object.assign(new LockElement(), { offset: 5n, length: 2n, flags })];
  return Object.assign(new LockRequest(), { fileId, locks });
};
export const disposed = (fileId: FileId, pending: boolean): object => {
  const buffer = Uint8Array.of(pending ? 1 : 0);
  return Object.assign(new SetInfoRequest(), { fileId, infoType: InfoType.File, fileInfoClass: 13, buffer });
};
/** Renames an open file or stream (`:name`), replacing an existing one. */
export const renamed = (fileId: FileId, to: string): object => {
  const buffer = Object.assign(new FileRenameInformation(), { fileName: to, replaceIfExists: true });
  return Object.assign(new SetInfoRequest(), {
    fileId,
    infoType: InfoType.File,
    fileInfoClass: FileInfoClass.Rename,
    buffer: new Encoder().encode(buffer).slice(),
  });
};
export const closed = (fileId: FileId): object => Object.assign(new CloseRequest(), { fileId });
