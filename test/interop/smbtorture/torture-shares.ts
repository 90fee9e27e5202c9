import type { LocalDirectoryOptions } from '#fs/index.js';
import type { ShareOptions } from '#server/index.js';

/** A share that the lists need, as configured for our server and for smbd. */
export interface TortureShare {
  /** Its folder; by default named like the share. */
  readonly folder?: string;
  /** Options for our server; undefined if it has no equivalent. */
  readonly ours: Omit<ShareOptions, 'backend'> | undefined;
  /** Options for the directory behind it. */
  readonly directory?: LocalDirectoryOptions;
  /** Lines of smbd's configuration. */
  readonly smbd: readonly string[];
  /** Only root may enter the folder. */
  readonly locked?: boolean;
}

/** Tests run on any of these, each worker on a different one. */
export const GENERAL: readonly string[] = ['share', 'share2', 'share3', 'share4'];

/** The same for tests that mostly wait. */
export const WAITING_SHARES: readonly string[] = Array.from({ length: 8 }, (_, number) => `waiting${number + 1}`);

const PLAIN: TortureShare = { ours: { continuouslyAvailable: true }, smbd: [] };

export const SHARES: Readonly<Record<string, TortureShare>> = {
  ...Object.fromEntries([...GENERAL, ...WAITING_SHARES].map((name) => [name, PLAIN])),
  hideunread: { ours: { hideUnreadable: true }, smbd: ['hide unreadable = yes'] },
  hideunwrite: { ours: { hideUnwritable: true }, smbd: ['hide unwriteable files = yes'] },
  noperm: { ours: {}, smbd: [], locked: true },
  tmpenc: { ours: { encryption: 'required' }, smbd: ['server smb encrypt = required'] },
  // smbd puts the connection time into the path.
  dynamic_share: { ours: undefined, smbd: ["root preexec = install -d -m 777 '%P'"], folder: 'dynamic-%t' },
  dosmode: {
    ours: { hideDotFiles: true, hideFiles: ['hidefile'] },
    smbd: ['vfs objects =', 'hide files = /hidefile/', 'hide dot files = yes'],
  },
  async_dosmode: {
    ours: {},
    smbd: ['vfs objects = shadow_copy2 xattr_tdb', 'smbd async dosmode = yes'],
  },
  no_streams: { ours: { streams: false }, smbd: ['vfs objects = acl_xattr xattr_tdb'] },
  tmpcase: { ours: { caseSensitive: true }, smbd: ['case sensitive = yes'] },
  compound_find: { ours: {}, smbd: ['smbd:find async delay usec = 10000'] },
  acls_non_canonical: { ours: { canonicalAcls: false }, smbd: ['acl flag inherited canonicalization = no'] },
  ea_acl_xattr: {
    ours: {},
    directory: { descriptorName: 'user.hackme' },
    smbd: ['vfs objects = acl_xattr', 'acl_xattr:security_acl_name = user.hackme'],
  },
  delete_readonly: { ours: { deleteReadOnly: true }, smbd: ['delete readonly = yes'] },
};

/** Global settings of smbd that smbtorture expects from a server. */
export const SMBD_GLOBAL: readonly string[] = [
  'server min protocol = LANMAN1',
  'lanman auth = yes',
  'ntlm auth = yes',
  'raw NTLMv2 auth = yes',
  'guest account = nobody',
  'time server = yes',
  'server multi channel support = yes',
  'server signing = auto',
  'smbd:FSCTL_SMBTORTURE = yes',
  'smbd:validate_oplock_types = yes',
  'smbd:suicide mode = yes',
  // DOS attributes, descriptors, EAs and streams independent of the permissions on disk.
  'read only = no',
  'map archive = no',
  'map hidden = no',
  'map system = no',
  'map readonly = no',
  'create mask = 755',
  'dos filemode = yes',
  'mangled names = yes',
  'strict rename = yes',
  'strict sync = yes',
  'vfs objects = acl_xattr xattr_tdb streams_depot',
  'acl_xattr:ignore system acls = yes',
  // Locks and opens are known only to smbd.
  'kernel change notify = no',
  'kernel share modes = no',
  'posix locking = no',
  'durable handles = yes',
];
