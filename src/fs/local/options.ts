import type { Clock } from '../clock.js';

export interface LocalDirectoryOptions {
  /** The volume's label. Default: the directory's name. */
  readonly label?: string;
  /** Files whose names begin with a dot are HIDDEN unless a client sets otherwise. Default true. */
  readonly hideDotFiles?: boolean;
  /** Permissions of new files, before the process's umask is applied. Default 0o666. */
  readonly fileMode?: number;
  /** Permissions of new directories, before the umask is applied. Default 0o777. */
  readonly directoryMode?: number;
  /**
   * Where to store what the file system cannot: attributes, streams and descriptors if it has no extended attributes,
   * large streams, exact times. A directory (created when first needed; default `.sombrero` in the share, invisible to
   * clients), or false to drop or refuse such data. The data belongs to the node and is lost when files are copied
   * by other means.
   */
  readonly sidecar?: string | false;
  /** Maximum number of nodes that the sidecar remembers. Default 100,000. */
  readonly sidecarLimit?: number;
  /** Maximum number of directories watched for one recursive change notification. Default 4096. */
  readonly watchLimit?: number;
  /**
   * Whether clients' byte-range locks and the fcntl locks of local programs exclude each other, if the system can do so
   * (Linux, with the optional package for native calls). Costs half a microsecond per READ and WRITE; better turned off
   * on network file systems, which ask their server each time. Default true.
   */
  readonly advisoryLocks?: boolean;
  readonly clock?: Clock;
  /** How to keep paths inside the root: 'auto' uses /proc/self/fd if available, else resolves paths. */
  readonly containment?: 'auto' | 'realpath';
  /** Whether to use Linux calls that Node lacks, if the optional package for them is installed. Default true. */
  readonly native?: boolean;
  /**
   * The extended attribute that holds security descriptors, as Samba's `acl_xattr:security_acl_name`. The default,
   * `security.NTACL`, needs root; otherwise descriptors are stored in the sidecar. Attributes in `user.` can also be
   * changed behind our back by anybody who may write the file.
   */
  readonly descriptorName?: string;
  /**
   * Where snapshots of the share are: a directory containing directories `@GMT-YYYY.MM.DD-HH.MM.SS`. Default
   * `.snapshots` in the share, if it exists. If in the root of the share, it is invisible and inaccessible to clients.
   */
  readonly snapshots?: string | false;
}
