import type { Identity } from '#auth/mechanism.js';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import { BufferPool } from '#engine/buffer-pool.js';
import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { systemClock } from '#net/clock.js';
import { create } from '#server/action/create.js';
import { FileTimes } from '#server/action/file-times.js';
import { NameTunnel } from '#server/action/name-tunnel.js';
import type { ServerCore } from '#server/core.js';
import { defaultLimits } from '#server/limits.js';
import { Notifier } from '#server/notifier.js';
import { fileIdOf, type Smb2Context } from '#server/smb2/context.js';
import { ioctl } from '#server/smb2/ioctl.js';
import { AppInstances } from '#server/state/app-instances.js';
import { DurableOpens } from '#server/state/durable-opens.js';
import { type DiskOpen, writable } from '#server/state/open.js';
import { PersistentOpens } from '#server/state/persistent-opens.js';
import { Session } from '#server/state/session.js';
import { ShareTable } from '#server/state/share.js';
import type { Tree } from '#server/state/tree.js';
import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError, statusOf } from '#wire/erref/errors.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { IoctlRequest, type IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { toHex } from './golden.js';
import { testTokens } from './tokens.js';

const identity = { account: 'ann', domain: '', kind: 'user', sessionKey: new Uint8Array(0), workstation: '' };
/** Bytes whose values depend on their position. */
export const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

export interface Answer {
  readonly status: string;
  readonly output: string;
}

/** A user with shares, and IOCTL requests as they arrive from the wire. */
export class FsctlBench {
  readonly core: ServerCore;
  readonly session: Session = new Session('1', identity as unknown as Identity, defaultLimits);
  readonly shares: ShareTable = new ShareTable();
  readonly tree: Tree;

  constructor(backend: Backend = memory()) {
    const coordinator = new MemoryCoordinator();
    const notifier = new Notifier(coordinator, systemClock, 16);
    this.core = {
      coordinator,
      notifier,
      times: new FileTimes(systemClock, 0, notifier),
      tunnel: new NameTunnel(systemClock),
      durables: new DurableOpens(16, 1),
      apps: new AppInstances(),
      persistents: new PersistentOpens(undefined, 0, () => Promise.reject(new Error('none'))),
      limits: defaultLimits,
      tokens: testTokens(),
      encoder: new Encoder(),
      buffers: new BufferPool(),
      clock: systemClock,
      random: (length: number) => new Uint8Array(length).fill(0x5a),
      options: {},
    } as unknown as ServerCore;
    this.tree = this.share('files', backend);
  }

  share(name: string, backend: Backend): Tree {
    return this.session.connectTree(this.shares, this.shares.set(name, backend));
  }

  async open(name: string, content = 0, access: number = FileGeneric.All, tree: Tree = this.tree): Promise<DiskOpen> {
    const facts = { shareAccess: 7, disposition: CreateDisposition.OpenIf, options: 0, attributes: 0 };
    const { open } = await create(this.core, tree, { ...facts, name, desiredAccess: access });
    if (content > 0) await writable(open).write(open.handle, pattern(content), 0);
    return open;
  }

  async directory(name: string): Promise<DiskOpen> {
    const facts = { shareAccess: 7, disposition: CreateDisposition.OpenIf, attributes: 0 };
    const options = CreateOptions.DirectoryFile;
    return (await create(this.core, this.tree, { ...facts, name, options, desiredAccess: FileGeneric.All })).open;
  }

  /** Sends a control code; returns the status, and the output in hex. */
  async send(open: DiskOpen | undefined, code: number, input: Uint8Array = EMPTY, room = 1024): Promise<Answer> {
    const request = new IoctlRequest();
    request.ctlCode = code;
    if (open) request.fileId = fileIdOf(open);
    request.input = input;
    request.maxOutputResponse = room;
    try {
      const answer = await ioctl(request, this.#context(open));
      return { status: statusName(answer.status), output: toHex((answer.body as IoctlResponse).output) };
    } catch (error) {
      return { status: statusName(statusOf(error)), output: '' };
    }
  }

  #context(open: DiskOpen | undefined): Smb2Context {
    const request = { signal: new AbortController().signal, goAsync: () => undefined, fileId: undefined };
    const context = { core: this.core, tree: open?.tree ?? this.tree, request, requireCharge: () => undefined };
    const found = () => {
      if (!open || open.closed) throw new StatusError(NtStatus.FileClosed);
      return open;
    };
    return Object.assign(context, { open: found, diskOpen: found }) as unknown as Smb2Context;
  }
}
