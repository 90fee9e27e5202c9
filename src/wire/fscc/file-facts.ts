/** A data stream of a file: '' is the default one. */
export interface StreamFacts {
  readonly name: string;
  readonly size: number;
  readonly allocationSize: number;
}

/** Facts about one end of a named pipe, for [MS-FSCC] 2.4. */
export interface PipeFacts {
  /** FILE_PIPE_*_TYPE, _MODE, _CONFIGURATION and _STATE codes. */
  readonly type: number;
  readonly readMode: number;
  readonly completionMode: number;
  readonly configuration: number;
  readonly state: number;
  readonly serverEnd: boolean;
  /** -1 for no limit. */
  readonly maximumInstances: number;
  readonly currentInstances: number;
  readonly inboundQuota: number;
  readonly readDataAvailable: number;
  readonly outboundQuota: number;
  readonly writeQuotaAvailable: number;
}

/** Facts about a node, open or listed in a directory, that all information classes are built from. */
export interface NodeFacts {
  readonly id: bigint;
  readonly size: number;
  readonly allocationSize: number;
  /** FILE_ATTRIBUTE_* with DIRECTORY and NORMAL resolved. */
  readonly attributes: number;
  /** FILETIMEs. */
  readonly creationTime: bigint;
  readonly lastAccessTime: bigint;
  readonly lastWriteTime: bigint;
  readonly changeTime: bigint;
  /** Bytes that the extended attributes take in a FILE_FULL_EA_INFORMATION list. */
  readonly eaSize: number;
  /** IO_REPARSE_TAG_*; 0 if it is not a reparse point. */
  readonly reparseTag: number;
  /** 8.3 name; '' if there is none or the name itself is one. */
  readonly shortName: string;
}

/** Facts about an open file. */
export interface FileFacts extends NodeFacts {
  readonly directory: boolean;
  readonly links: number;
  readonly deletePending: boolean;
  /** Path from the share's root, with backslashes including a leading one: `\dir\file:stream`. */
  readonly name: string;
  readonly accessGranted: number;
  /** FILE_MODE_INFORMATION bits. */
  readonly mode: number;
  readonly position: number;
  /** FILE_*_ALIGNMENT; 0 for none. */
  readonly alignment: number;
  readonly volumeSerial: bigint;
  readonly streams: readonly StreamFacts[];
  readonly pipe: PipeFacts | undefined;
}

/** Facts about one entry of a directory listing. */
export interface EntryFacts extends NodeFacts {
  readonly name: string;
}
