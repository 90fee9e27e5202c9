import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Ace, AceFlags, AceType } from '#wire/dtyp/ace.js';
import { Acl } from '#wire/dtyp/acl.js';
import { formatSddl, parseSddl, parseSid } from '#wire/dtyp/sddl.js';
import { SecurityControl, SecurityDescriptor, SecurityInformation } from '#wire/dtyp/security-descriptor.js';
import { UsageError } from '#wire/erref/errors.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { bitsOf, named } from '../arguments.js';
import { packed, unpacked } from '../packing.js';
import { toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

/** The standard sets of rights, by their names in Windows. */
export type RightsName = 'full' | 'modify' | 'read-execute' | 'read' | 'write';

/** One entry of an access control list. */
export interface AccessEntry {
  readonly kind: 'allow' | 'deny' | 'audit';
  /** `S-1-5-21-…`; when setting, also a two-letter SDDL alias. */
  readonly sid: string;
  /** Bits of an access mask ([MS-SMB2] 2.2.13.1); always bits when read. */
  readonly rights: number | RightsName;
  /** Inherited by files in the directory. */
  readonly forFiles?: boolean | undefined;
  /** Inherited by subdirectories. */
  readonly forDirectories?: boolean | undefined;
  /** Applies only to what inherits it, not to the directory itself. */
  readonly onlyBelow?: boolean | undefined;
  /** Inherited by direct children only. */
  readonly onlyOneLevel?: boolean | undefined;
  /** Was inherited from the parent directory. */
  readonly inherited?: boolean | undefined;
  /** For an audit entry: audits successful or failed access. */
  readonly success?: boolean | undefined;
  readonly failure?: boolean | undefined;
}

/**
 * Who owns a file, and who may do what with it. When reading, absent parts do not exist; when setting, they stay
 * unchanged.
 */
export interface AccessControl {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** The order matters; null grants everyone full access. */
  readonly entries?: readonly AccessEntry[] | null | undefined;
  /** Audit entries; reading and setting them needs a special privilege. */
  readonly audit?: readonly AccessEntry[] | undefined;
  /** Inherits nothing from the parent directory. */
  readonly isProtected?: boolean | undefined;
}

const RIGHTS: Readonly<Record<RightsName, number>> = {
  full: FileGeneric.All,
  modify: 0x1301bf,
  'read-execute': FileGeneric.Read | FileGeneric.Execute,
  read: FileGeneric.Read,
  write: FileGeneric.Write,
};

const KINDS = { allow: AceType.AccessAllowed, deny: AceType.AccessDenied, audit: AceType.SystemAudit } as const;

const FLAGS = {
  forFiles: AceFlags.ObjectInherit,
  forDirectories: AceFlags.ContainerInherit,
  onlyBelow: AceFlags.InheritOnly,
  onlyOneLevel: AceFlags.NoPropagateInherit,
  inherited: AceFlags.Inherited,
  success: AceFlags.SuccessfulAccess,
  failure: AceFlags.FailedAccess,
} as const;

type FlagName = keyof typeof FLAGS;
const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

/** A security descriptor as read from the server. */
export class FileSecurity implements AccessControl {
  /** The complete descriptor. */
  readonly descriptor: SecurityDescriptor;

  /** Created by `share.acl`. */
  constructor(descriptor: SecurityDescriptor) {
    this.descriptor = descriptor;
  }

  /** A SID as text; '' if absent. */
  get owner(): string {
    return this.descriptor.ownerSid?.toString() ?? '';
  }
  get group(): string {
    return this.descriptor.groupSid?.toString() ?? '';
  }
  get entries(): readonly AccessEntry[] | null {
    return this.descriptor.dacl?.aces.flatMap(entryOf) ?? null;
  }
  get audit(): readonly AccessEntry[] {
    return this.descriptor.sacl?.aces.flatMap(entryOf) ?? [];
  }
  get isProtected(): boolean {
    return (this.descriptor.control & SecurityControl.DaclProtected) !== 0;
  }
  /** As SDDL ([MS-DTYP] 2.5.1). Throws RangeError for a conditional entry. */
  get sddl(): string {
    return formatSddl(this.descriptor);
  }
}

// Object and conditional entries, which files do not use, appear only in `descriptor`.
function entryOf(ace: Ace): AccessEntry[] {
  const kind = (Object.keys(KINDS) as AccessEntry['kind'][]).find((name) => KINDS[name] === ace.aceType);
  if (kind === undefined) return [];
  const flags = Object.fromEntries(
    FLAG_NAMES.filter((name) => (ace.aceFlags & FLAGS[name]) !== 0).map((name) => [name, true]),
  );
  return [{ kind, sid: ace.sid.toString(), rights: ace.mask >>> 0, ...flags }];
}

function aceOf(entry: AccessEntry): Ace {
  const { kind, rights } = entry;
  const type = named('kind of entry', KINDS, kind);
  const mask = typeof rights === 'number' ? bitsOf('rights', rights) : named('rights', RIGHTS, rights);
  const flags = FLAG_NAMES.reduce((bits, name) => bits | (entry[name] ? FLAGS[name] : 0), 0);
  return Ace.of(type, parseSid(entry.sid), mask, flags);
}

/** Builds a descriptor from its parts or SDDL. */
export function descriptorOf(wanted: AccessControl | string): SecurityDescriptor {
  try {
    if (typeof wanted === 'string') return parseSddl(wanted);
    return wanted instanceof FileSecurity ? wanted.descriptor : built(wanted);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function built({ owner, group, entries, audit, isProtected }: AccessControl): SecurityDescriptor {
  const descriptor = new SecurityDescriptor();
  if (owner) descriptor.ownerSid = parseSid(owner);
  if (group) descriptor.groupSid = parseSid(group);
  if (entries !== undefined) {
    descriptor.control |= SecurityControl.DaclPresent | (isProtected ? SecurityControl.DaclProtected : 0);
    if (entries !== null) descriptor.dacl = Acl.of(...entries.map(aceOf));
    if (entries?.some(({ inherited }) => inherited)) descriptor.control |= SecurityControl.DaclAutoInherited;
  }
  if (audit !== undefined) {
    descriptor.control |= SecurityControl.SaclPresent;
    descriptor.sacl = Acl.of(...audit.map(aceOf));
  }
  return descriptor;
}

const { Owner, Group, Dacl, Sacl } = SecurityInformation;

/** Reads owner, group and access list; with `audit`, the audit list as well. */
export async function getSecurity(
  protocol: FileProtocol,
  path: string,
  { audit = false }: { readonly audit?: boolean | undefined },
  control: Control,
): Promise<FileSecurity> {
  const access = FileAccess.ReadControl | (audit ? FileAccess.AccessSystemSecurity : 0);
  const additional = Owner | Group | Dacl | (audit ? Sacl : 0);
  const step = { verb: 'query', infoType: InfoType.Security, infoClass: 0, additional } as const;
  const { outputs } = await protocol.visit(
    { path: toWire(path), access, disposition: CreateDisposition.Open },
    [step],
    control,
  );
  return new FileSecurity(unpacked(new SecurityDescriptor(), outputs[0] as Uint8Array));
}

/** Sets the parts that are given. */
export async function setSecurity(
  protocol: FileProtocol,
  path: string,
  wanted: AccessControl | string,
  control: Control,
): Promise<void> {
  const descriptor = descriptorOf(wanted);
  const hasDacl = (descriptor.control & SecurityControl.DaclPresent) !== 0;
  const hasSacl = (descriptor.control & SecurityControl.SaclPresent) !== 0;
  const owns = descriptor.ownerSid !== null || descriptor.groupSid !== null;
  const access =
    (hasDacl ? FileAccess.WriteDac : 0) |
    (owns ? FileAccess.WriteOwner : 0) |
    (hasSacl ? FileAccess.AccessSystemSecurity : 0);
  const additional =
    (descriptor.ownerSid ? Owner : 0) | (descriptor.groupSid ? Group : 0) | (hasDacl ? Dacl : 0) | (hasSacl ? Sacl : 0);
  if (additional === 0) throw new UsageError('there is nothing to set: no owner, no group, no entries');
  const data = packed(descriptor);
  const step = { verb: 'set', infoType: InfoType.Security, infoClass: 0, additional, data } as const;
  await protocol.visit({ path: toWire(path), access, disposition: CreateDisposition.Open }, [step], control);
}
