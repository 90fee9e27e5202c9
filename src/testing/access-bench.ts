import assert from 'node:assert/strict';
import type { Identity } from '#auth/mechanism.js';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import type { WritableBackend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { systemClock } from '#net/clock.js';
import { decodeDescriptor, encodeDescriptor } from '#server/access/descriptor-bytes.js';
import { close } from '#server/action/close.js';
import { type Created, type CreateFacts, create } from '#server/action/create.js';
import { FileTimes } from '#server/action/file-times.js';
import { NameTunnel } from '#server/action/name-tunnel.js';
import { querySecurity, setSecurity } from '#server/action/security.js';
import type { ServerCore } from '#server/core.js';
import { defaultLimits } from '#server/limits.js';
import { Notifier } from '#server/notifier.js';
import { AppInstances } from '#server/state/app-instances.js';
import { DurableOpens } from '#server/state/durable-opens.js';
import type { DiskOpen } from '#server/state/open.js';
import { PersistentOpens } from '#server/state/persistent-opens.js';
import { Session } from '#server/state/session.js';
import { type ShareOptions, ShareTable } from '#server/state/share.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import type { Ace } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { SecurityControl, SecurityDescriptor, SecurityInformation } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { testTokens } from './tokens.js';

const { Owner, Group, Dacl } = SecurityInformation;
const { ReadControl, WriteDac } = FileAccess;
const ALL = 7;
export const ROOM = 65_536;

export const refused =
  (status: number) =>
  (error: unknown): boolean =>
    error instanceof StatusError && error.status === status;
export const denied: (error: unknown) => boolean = refused(NtStatus.AccessDenied);

/** The bytes of a security descriptor with only a DACL. */
export function acl(...aces: Ace[]): Uint8Array {
  const control = SecurityControl.SelfRelative | SecurityControl.DaclPresent;
  return encodeDescriptor(Object.assign(new SecurityDescriptor(), { control, dacl: Acl.of(...aces) }));
}

/** Several users on one share whose files keep security descriptors; root is an administrator. */
export class AccessBench {
  readonly core: ServerCore;
  readonly shares: ShareTable = new ShareTable();
  readonly backend: WritableBackend<unknown>;

  constructor(
    options: Partial<ShareOptions> = {},
    backend: WritableBackend<unknown> = memory() as WritableBackend<unknown>,
  ) {
    const coordinator = new MemoryCoordinator();
    const notifier = new Notifier(coordinator, systemClock, 16);
    this.backend = backend;
    this.shares.set('files', { backend, ...options });
    this.core = {
      coordinator,
      notifier,
      times: new FileTimes(systemClock, 0, notifier),
      tunnel: new NameTunnel(systemClock),
      durables: new DurableOpens(16, 1),
      apps: new AppInstances(),
      persistents: new PersistentOpens(undefined, 0, () => Promise.reject(new Error('none'))),
      limits: defaultLimits,
      tokens: testTokens(['ann', 'bob', 'root'], ['root']),
      encoder: new Encoder(),
    } as unknown as ServerCore;
  }

  user(account: string): AccessUser {
    return new AccessUser(this, account);
  }
}

/** One of the users, and the operations available to them. */
export class AccessUser {
  readonly bench: AccessBench;
  readonly identity: Identity;
  readonly session: Session;

  constructor(bench: AccessBench, account: string) {
    this.bench = bench;
    this.identity = { account, domain: '', kind: 'user', sessionKey: new Uint8Array(0), workstation: '' };
    this.session = new Session(account, this.identity, defaultLimits);
  }

  get sid(): Promise<Sid> {
    return Promise.resolve(this.bench.core.tokens.of(this.identity)).then(({ user }) => user);
  }

  async open(
    name: string,
    desiredAccess: number,
    facts: Partial<CreateFacts> = {},
  ): Promise<Created & { readonly granted: number }> {
    const share = this.bench.shares.get('files');
    const tree = this.session.connectTree(this.bench.shares, share);
    const plain = { shareAccess: ALL, disposition: CreateDisposition.OpenIf, options: 0, attributes: 0 };
    const created = await create(this.bench.core, tree, { name, desiredAccess, ...plain, ...facts });
    return { ...created, granted: created.open.grantedAccess };
  }

  /** Whether an open with this access is granted. */
  async may(name: string, desired: number, facts: Partial<CreateFacts> = {}): Promise<boolean> {
    try {
      await this.close((await this.open(name, desired, { disposition: CreateDisposition.Open, ...facts })).open);
      return true;
    } catch (error) {
      assert.ok(denied(error), String(error));
      return false;
    }
  }

  async protect(name: string, ...aces: Ace[]): Promise<void> {
    const { open } = await this.open(name, WriteDac, { disposition: CreateDisposition.Open });
    await setSecurity(this.bench.core, open, Dacl, acl(...aces));
    await this.close(open);
  }

  async make(name: string, options = 0): Promise<void> {
    await this.close((await this.open(name, FileGeneric.All, { options })).open);
  }

  async descriptor(name: string, parts: number = Owner | Group | Dacl): Promise<SecurityDescriptor> {
    const { open } = await this.open(name, ReadControl, { disposition: CreateDisposition.Open });
    const { bytes } = await querySecurity(this.bench.core, open, parts, ROOM);
    await this.close(open);
    return decodeDescriptor(bytes as Uint8Array);
  }

  close(open: DiskOpen): Promise<void> {
    return close(this.bench.core, open);
  }
}
