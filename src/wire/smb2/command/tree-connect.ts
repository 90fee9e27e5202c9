import { fileAccessNames } from '../../dtyp/access-mask.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { Dialect } from '../dialect.js';
import { openEnded } from '../open-ended.js';
import { TreeConnectContext } from '../tree-connect-context.js';

/** [MS-SMB2] 2.2.9 Flags, in 3.1.1. */
export const TreeConnectFlags = {
  ClusterReconnect: 0x0001,
  RedirectToOwner: 0x0002,
  ExtensionPresent: 0x0004,
} as const;

const connectFlagNames: NameTable = namesOf(TreeConnectFlags);

/** [MS-SMB2] 2.2.10 ShareType. */
export const ShareType = { Disk: 0x01, Pipe: 0x02, Print: 0x03 } as const;

const shareTypeNames: NameTable = namesOf(ShareType);

/** [MS-SMB2] 2.2.10 ShareFlags. Caching is a two-bit number: manual, auto, VDO, none. */
export const ShareFlags = {
  ManualCaching: 0x00000000,
  AutoCaching: 0x00000010,
  VdoCaching: 0x00000020,
  NoCaching: 0x00000030,
  Dfs: 0x00000001,
  DfsRoot: 0x00000002,
  RestrictExclusiveOpens: 0x00000100,
  ForceSharedDelete: 0x00000200,
  AllowNamespaceCaching: 0x00000400,
  AccessBasedDirectoryEnum: 0x00000800,
  ForceLevelIiOplock: 0x00001000,
  EnableHashV1: 0x00002000,
  EnableHashV2: 0x00004000,
  EncryptData: 0x00008000,
  IdentityRemoting: 0x00040000,
  CompressData: 0x00100000,
  IsolatedTransport: 0x00200000,
} as const;

const { ManualCaching: _manual, NoCaching: _none, ...shareFlagBits } = ShareFlags;
const shareFlagNames: NameTable = namesOf(shareFlagBits);

/** [MS-SMB2] 2.2.10 Capabilities. */
export const ShareCap = {
  Dfs: 0x00000008,
  ContinuousAvailability: 0x00000010,
  Scaleout: 0x00000020,
  Cluster: 0x00000040,
  Asymmetric: 0x00000080,
  RedirectToOwner: 0x00000100,
} as const;

const shareCapNames: NameTable = namesOf(ShareCap);

/** [MS-SMB2] 2.2.9 SMB2 TREE_CONNECT Request, with 2.2.9.1 SMB2 TREE_CONNECT Request Extension. */
export class TreeConnectRequest {
  flags = 0;
  /** `\\server\share` */
  path = '';
  /** With ExtensionPresent, in 3.1.1. */
  treeConnectContexts: TreeConnectContext[] = [];

  layout(io: Layout): void {
    const start = io.at;
    io.same16('StructureSize', 9);
    this.flags = io.flags16('Flags', this.flags, connectFlagNames);
    const path = io.offset16('PathOffset');
    io.length16('PathLength', path);
    if (io.dialect < Dialect.Smb311 || (this.flags & TreeConnectFlags.ExtensionPresent) === 0) {
      this.path = io.utf16At('Buffer', path, this.path);
      return;
    }
    // This offset counts from the start of the request, not the base, so a slot cannot write it.
    const contexts = new Slot();
    const behindPath = io.at - start + 16 + this.path.length * 2;
    contexts.offset = start + io.u32('TreeConnectContextOffset', Math.ceil(behindPath / 8) * 8);
    const count = io.u16('TreeConnectContextCount', this.treeConnectContexts.length);
    io.skip('Reserved', 10);
    this.path = io.utf16At('PathName', path, this.path);
    if (count === 0) return;
    io.align(8);
    io.within('TreeConnectContexts', openEnded(io, contexts), () => {
      const make = (): TreeConnectContext => new TreeConnectContext();
      this.treeConnectContexts = io.list('TreeConnectContext', count, this.treeConnectContexts, make, 8);
    });
  }
}

/** [MS-SMB2] 2.2.10 SMB2 TREE_CONNECT Response. */
export class TreeConnectResponse {
  shareType = 0;
  shareFlags = 0;
  capabilities = 0;
  maximalAccess = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 16);
    this.shareType = io.u8('ShareType', this.shareType, shareTypeNames);
    io.skip('Reserved', 1);
    this.shareFlags = io.flags32('ShareFlags', this.shareFlags, shareFlagNames);
    this.capabilities = io.flags32('Capabilities', this.capabilities, shareCapNames);
    this.maximalAccess = io.flags32('MaximalAccess', this.maximalAccess, fileAccessNames);
  }
}
