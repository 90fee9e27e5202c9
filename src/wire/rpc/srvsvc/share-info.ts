import { EMPTY } from '../../io/decoder.js';
import type { NameTable } from '../../io/names.js';
import type { Ndr } from '../ndr.js';

/** [MS-SRVS] 2.2.2.4 Share types. */
export const ShareType = {
  Disktree: 0x00000000,
  Printq: 0x00000001,
  Device: 0x00000002,
  Ipc: 0x00000003,
  ClusterFs: 0x02000000,
  ClusterSofs: 0x04000000,
  ClusterDfs: 0x08000000,
  Temporary: 0x40000000,
  Special: 0x80000000,
} as const;

/** Names of the types with and without STYPE_SPECIAL. */
export const shareTypeNames: NameTable = {
  0: 'STYPE_DISKTREE',
  1: 'STYPE_PRINTQ',
  2: 'STYPE_DEVICE',
  3: 'STYPE_IPC',
  2147483648: 'STYPE_DISKTREE|STYPE_SPECIAL',
  2147483649: 'STYPE_PRINTQ|STYPE_SPECIAL',
  2147483651: 'STYPE_IPC|STYPE_SPECIAL',
};

const LEVELS: readonly number[] = [0, 1, 2, 501, 502, 1004, 1005, 1006, 1007, 1501];

/** Whether `ShareInfo` supports the level; for others nothing is read or written. */
export function isShareLevel(level: number): boolean {
  return LEVELS.includes(level);
}

/**
 * [MS-SRVS] 2.2.4.22 to 2.2.4.31 SHARE_INFO_0, _1, _2, _501, _502, _1004 to _1007 and _1501: the level determines the
 * fields. Fields that a level lacks keep their defaults.
 */
export class ShareInfo {
  netname: string | null = null;
  type: number = ShareType.Disktree;
  remark: string | null = null;
  permissions = 0;
  /** All ones for no limit. */
  maxUses = 0xffffffff;
  currentUses = 0;
  path: string | null = null;
  passwd: string | null = null;
  /** SHI1005_FLAGS_*, in levels 501 and 1005. */
  flags = 0;
  /** Self-relative; empty for a null pointer. */
  securityDescriptor: Uint8Array = EMPTY;

  fields(ndr: Ndr, level: number): void {
    if (level >= 1000) return this.#single(ndr, level);
    const label = `shi${level}`;
    ndr.stringPointer(`${label}_netname`, this.netname, (v) => {
      this.netname = v;
    });
    if (level === 0) return;
    this.type = ndr.u32(`${label}_type`, this.type, shareTypeNames);
    ndr.stringPointer(`${label}_remark`, this.remark, (v) => {
      this.remark = v;
    });
    if (level === 501) this.flags = ndr.u32('shi501_flags', this.flags);
    if (level === 2 || level === 502) this.#uses(ndr, label);
    if (level === 502) this.#descriptor(ndr);
  }

  /** The levels for setting a single field. */
  #single(ndr: Ndr, level: number): void {
    switch (level) {
      case 1004:
        return ndr.stringPointer('shi1004_remark', this.remark, (v) => {
          this.remark = v;
        });
      case 1005:
        this.flags = ndr.u32('shi1005_flags', this.flags);
        return;
      case 1006:
        this.maxUses = ndr.u32('shi1006_max_uses', this.maxUses);
        return;
      case 1007:
        this.flags = ndr.u32('shi1007_flags', this.flags);
        return ndr.stringPointer('shi1007_alternate_directory_name', null, () => undefined);
      default:
        return this.#descriptor(ndr);
    }
  }

  #uses(ndr: Ndr, label: string): void {
    this.permissions = ndr.u32(`${label}_permissions`, this.permissions);
    this.maxUses = ndr.u32(`${label}_max_uses`, this.maxUses);
    this.currentUses = ndr.u32(`${label}_current_uses`, this.currentUses);
    ndr.stringPointer(`${label}_path`, this.path, (v) => {
      this.path = v;
    });
    ndr.stringPointer(`${label}_passwd`, this.passwd, (v) => {
      this.passwd = v;
    });
  }

  #descriptor(ndr: Ndr): void {
    const length = ndr.u32('shi502_reserved', this.securityDescriptor.length);
    const present = ndr.pointer('shi502_security_descriptor', this.securityDescriptor.length > 0, () => {
      this.securityDescriptor = ndr.bytes('shi502_security_descriptor', length, this.securityDescriptor);
    });
    if (!present) this.securityDescriptor = EMPTY;
  }
}
