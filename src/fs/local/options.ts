import type { Clock } from '../clock.js';

export interface LocalDirectoryOptions {
  /** The volume's name; the directory's name otherwise. */
  readonly label?: string;
  /** Files whose names begin with a full stop are HIDDEN unless a client says otherwise. Default true. */
  readonly hideDotFiles?: boolean;
  /** Permissions of new files, of which the process's umask takes its bits away. Default 0o666. */
  readonly fileMode?: number;
  /** Permissions of new directories, likewise. Default 0o777. */
  readonly directoryMode?: number;
  /**
   * Where things are kept that the file system cannot keep: attributes, streams and descriptors where it has no
   * extended attributes, large streams, exact times. A directory (made when it is first needed; default `.sombrero` in
   * the share, which no client sees), or false: they are dropped or refused. What is kept there belongs to the node and
   * does not go along when files are copied by other ways.
   */
  readonly sidecar?: string | false;
  /** Nodes that the sidecar remembers at most. Default 100,000. */
  readonly sidecarLimit?: number;
  /** Directories watched at most for one change notification of a tree. Default 4096. */
  readonly watchLimit?: number;
  /**
   * Whether what clients lock is locked for programs of this machine as well, by fcntl, and theirs for clients, where the
   * system can (Linux, with the optional package for native calls). Costs half a microsecond for each READ and WRITE; on
   * file systems of the network, which ask their server each time, rather leave it out. Default true.
   */
  readonly advisoryLocks?: boolean;
  readonly clock?: Clock;
  /** How to stay inside: by /proc/self/fd where there is one, else by resolving paths. */
  readonly containment?: 'auto' | 'realpath';
  /** Whether calls of Linux may be used that Node does not have, if the optional package for that is there. Default true. */
  readonly native?: boolean;
  /**
   * The extended attribute that security descriptors are kept in, as Samba's `acl_xattr:security_acl_name`. The default,
   * `security.NTACL`, is for root alone; without that right they go to the sidecar. Names in `user.` are for everybody who
   * may write the file, past us, too.
   */
  readonly descriptorName?: string;
  /**
   * Where former states of the share are: a directory with directories `@GMT-YYYY.MM.DD-HH.MM.SS` in it. Default
   * `.snapshots` in the share if that is there. In the root of the share no client sees it or gets below it.
   */
  readonly snapshots?: string | false;
}
