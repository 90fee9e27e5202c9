// wire/index.d.ts
/** `sombrero/wire`: converts bytes to named fields and back. No I/O and no `node:` imports, so it runs in a browser. */
export type { DissectedMessage, Dissection, DissectOptions, HeaderFacts, JsonField, } from './dissect.js';
export { dissect, dissectMessages, findField, findFields, hexOf, toJson } from './dissect.js';
export { filetimeFromMs, filetimeFromNs, filetimeText, msFromFiletime, nsFromFiletime } from './dtyp/filetime.js';
export type { Guid } from './dtyp/guid.js';
export { ConnectionLost, SmbError, StatusError, UsageError } from './erref/errors.js';
export { isError, NtStatus, statusName } from './erref/nt-status.js';
export { FileAttributes, fileAttributeNames } from './fscc/attributes.js';
export type { Field, FieldValue } from './io/dissector.js';
export { FileId } from './io/file-id.js';
export { Malformed } from './io/malformed.js';
export type { NameTable } from './io/names.js';
export { flagText } from './io/names.js';
export { Dialect, dialectNames } from './smb2/dialect.js';
// wire/dissect.d.ts
import { type Field } from './io/dissector.js';
export interface DissectOptions {
    /** The header before a message: 24 bits of length (port 445), or the NetBIOS session service's (port 139). */
    readonly framing: 'direct' | 'netbios';
    /** The negotiated SMB2 dialect, such as 0x0311; 0 or absent until then. */
    readonly dialect?: number;
    /** The request of this response, as an SMB1 transaction's response does not say what it answers. */
    readonly request?: Uint8Array | undefined;
}
/** What a header says about its message. */
export interface HeaderFacts {
    readonly command: number;
    /** NT status; undefined in requests. */
    readonly status: number | undefined;
    /** `STATUS_ACCESS_DENIED`. */
    readonly statusName: string | undefined;
    /** MessageId or MID; -1 if unsolicited. */
    readonly messageId: number;
    readonly asyncId: number | undefined;
    /** SessionId or UID. */
    readonly sessionId: bigint;
    /** TreeId or TID; undefined in an asynchronous response, which has none. */
    readonly treeId: number | undefined;
    readonly signed: boolean;
}
/** One message of a frame; each field has its position in the dissected bytes. */
export interface DissectedMessage {
    /** 'UNKNOWN' for bytes that start like neither. */
    readonly protocol: 'SMB1' | 'SMB2' | 'UNKNOWN';
    /** `READ`, `SMB_COM_READ_ANDX`; `TRANSFORM` if encrypted, `COMPRESSION` if compressed. */
    readonly name: string;
    readonly direction: 'request' | 'response' | undefined;
    readonly header: HeaderFacts | undefined;
    readonly fields: readonly Field[];
    /** Why the message is truncated or invalid. */
    readonly malformed: string | undefined;
}
/** One dissected frame. */
export interface Dissection {
    /** `SESSION_MESSAGE`, `SESSION_REQUEST`. */
    readonly name: string;
    /** Session packet type of [RFC1002] 4.3.1; 0 for messages. */
    readonly type: number;
    /** Bytes after the header, according to the header. */
    readonly length: number;
    /** Fields of the frame's own header and, if it carries no message, its body. */
    readonly fields: readonly Field[];
    readonly messages: readonly DissectedMessage[];
    readonly malformed: string | undefined;
}
/** Dissects a frame, beginning with its 4-byte header. Never throws, whatever the bytes are. */
export declare function dissect(frame: Uint8Array, options: DissectOptions): Dissection;
/** As `dissect`, for messages without a frame header, such as those of an encrypted frame. */
export declare function dissectMessages(bytes: Uint8Array, options?: Omit<DissectOptions, 'framing'>): DissectedMessage[];
/** A field in JSON: bytes as hex, bigints as decimal strings. */
export interface JsonField {
    readonly name: string;
    readonly at: number;
    readonly size: number;
    readonly value: number | string | readonly number[] | null;
    readonly text: string;
    readonly children?: readonly JsonField[];
}
/** A tree of fields for `JSON.stringify`. */
export declare function toJson(field: Field): JsonField;
/** Bytes as hex digits. */
export declare function hexOf(bytes: Uint8Array): string;
/** The first field of that name at any depth. */
export declare function findField(fields: readonly Field[], name: string): Field | undefined;
/** All fields of that name at any depth, in message order. */
export declare function findFields(fields: readonly Field[], name: string): Field[];
// wire/dtyp/filetime.d.ts
/** Milliseconds since 1970 (as `Date`) to FILETIME ([MS-DTYP] 2.3.3). */
export declare function filetimeFromMs(ms: number): bigint;
/** Nanoseconds since 1970 (as `fs.stat({ bigint: true })`) to FILETIME, rounded down. */
export declare function filetimeFromNs(ns: bigint): bigint;
/** FILETIME to milliseconds since 1970. */
export declare function msFromFiletime(time: bigint): number;
/** FILETIME to nanoseconds since 1970. */
export declare function nsFromFiletime(time: bigint): bigint;
/** ISO 8601, or the meaning of a special value. */
export declare function filetimeText(time: bigint): string;
// wire/dtyp/guid.d.ts
/** [MS-DTYP] 2.3.4 GUID in text form, lower case: `6ba7b810-9dad-11d1-80b4-00c04fd430c8`. */
export type Guid = string;
export declare const NIL_GUID: Guid;
/** The 16 bytes at `at` (first three fields little-endian) as text. */
export declare function readGuid(bytes: Uint8Array, at?: number): Guid;
/** Writes the 16 bytes of a GUID at `at`. */
export declare function writeGuid(guid: Guid, into: Uint8Array, at?: number): void;
// wire/erref/errors.d.ts
import type { Wire } from '../io/layout.js';
/** Base class of all errors of this package. `code` is stable; messages are for humans and may change. */
export declare class SmbError extends Error {
    readonly code: string;
    /** Explanation or advice, if there is any; the message ends with it. */
    readonly hint: string | undefined;
    constructor(code: string, message: string, options?: ErrorOptions & {
        hint?: string;
    });
}
/** Context of a status. */
export interface StatusDetails {
    readonly command?: string | undefined;
    readonly path?: string | undefined;
    readonly dest?: string | undefined;
    readonly hint?: string | undefined;
    readonly data?: Wire | undefined;
}
/** A refusal, by a peer or by us: an NT status with the command and path concerned. */
export declare class StatusError extends SmbError {
    /** 32-bit NT status ([MS-ERREF] 2.3). */
    readonly status: number;
    readonly command: string | undefined;
    /** With slashes as separators, whatever the wire form. */
    readonly path: string | undefined;
    /** The second path, for operations on two. */
    readonly dest: string | undefined;
    /** Error data from the peer, such as the target of a link or the new location of a share. */
    readonly data: Wire | undefined;
    constructor(status: number, where?: StatusDetails);
    /** The status by its name, `STATUS_ACCESS_DENIED`. */
    get statusName(): string;
}
/** The caller made a mistake: invalid option, closed handle, bad URL. */
export declare class UsageError extends SmbError {
    constructor(message: string, { code, ...options }?: ErrorOptions & {
        code?: string;
    });
}
/** The connection was lost or could not be made: socket error, time-out, protocol violation. */
export declare class ConnectionLost extends SmbError {
    /** Whether a retry may help. */
    readonly retryable: boolean;
    constructor(message: string, options?: ErrorOptions & {
        retryable?: boolean;
        code?: string;
        hint?: string;
    });
}
/** The status to send to a peer for an error; unexpected ones become an internal error. */
export declare function statusOf(error: unknown): number;
// wire/erref/nt-status.d.ts
import { type NameTable } from '../io/names.js';
/** [MS-ERREF] 2.3.1 NTSTATUS values in use with SMB. */
export declare const NtStatus: {
    readonly Success: 0;
    readonly Pending: 259;
    readonly OplockBreakInProgress: 264;
    readonly NotifyCleanup: 267;
    readonly NotifyEnumDir: 268;
    readonly MoreEntries: 261;
    readonly SomeNotMapped: 263;
    readonly BufferOverflow: 2147483653;
    readonly NoMoreFiles: 2147483654;
    readonly NoMoreEntries: 2147483674;
    readonly StoppedOnSymlink: 2147483693;
    readonly NoMoreEas: 2147483666;
    readonly InvalidEaName: 2147483667;
    readonly EaListInconsistent: 2147483668;
    readonly Unsuccessful: 3221225473;
    readonly NotImplemented: 3221225474;
    readonly InvalidInfoClass: 3221225475;
    readonly InfoLengthMismatch: 3221225476;
    readonly InvalidHandle: 3221225480;
    readonly InvalidParameter: 3221225485;
    readonly NoSuchDevice: 3221225486;
    readonly NoSuchFile: 3221225487;
    readonly InvalidDeviceRequest: 3221225488;
    readonly EndOfFile: 3221225489;
    readonly MoreProcessingRequired: 3221225494;
    readonly InvalidViewSize: 3221225503;
    readonly AccessDenied: 3221225506;
    readonly BufferTooSmall: 3221225507;
    readonly ObjectNameInvalid: 3221225523;
    readonly ObjectNameNotFound: 3221225524;
    readonly ObjectNameCollision: 3221225525;
    readonly ObjectPathInvalid: 3221225529;
    readonly ObjectPathNotFound: 3221225530;
    readonly ObjectPathSyntaxBad: 3221225531;
    readonly SharingViolation: 3221225539;
    readonly EasNotSupported: 3221225551;
    readonly EaTooLarge: 3221225552;
    readonly NonexistentEaEntry: 3221225553;
    readonly NoEasOnFile: 3221225554;
    readonly FileLockConflict: 3221225556;
    readonly LockNotGranted: 3221225557;
    readonly DeletePending: 3221225558;
    readonly UnknownRevision: 3221225560;
    readonly InvalidOwner: 3221225562;
    readonly PrivilegeNotHeld: 3221225569;
    readonly WrongPassword: 3221225578;
    readonly LogonFailure: 3221225581;
    readonly AccountRestriction: 3221225582;
    readonly PasswordExpired: 3221225585;
    readonly AccountDisabled: 3221225586;
    readonly NoneMapped: 3221225587;
    readonly InvalidAcl: 3221225591;
    readonly InvalidSid: 3221225592;
    readonly InvalidSecurityDescr: 3221225593;
    readonly RangeNotLocked: 3221225598;
    readonly DiskFull: 3221225599;
    readonly InsufficientResources: 3221225626;
    readonly MediaWriteProtected: 3221225634;
    readonly BadImpersonationLevel: 3221225637;
    readonly InstanceNotAvailable: 3221225643;
    readonly PipeNotAvailable: 3221225644;
    readonly InvalidPipeState: 3221225645;
    readonly PipeBusy: 3221225646;
    readonly PipeDisconnected: 3221225648;
    readonly IoTimeout: 3221225653;
    readonly FileForcedClosed: 3221225654;
    readonly FileIsADirectory: 3221225658;
    readonly NotSupported: 3221225659;
    readonly InvalidNetworkResponse: 3221225667;
    readonly NetworkNameDeleted: 3221225673;
    readonly NetworkAccessDenied: 3221225674;
    readonly BadDeviceType: 3221225675;
    readonly BadNetworkName: 3221225676;
    readonly RequestNotAccepted: 3221225680;
    readonly InvalidOplockProtocol: 3221225699;
    readonly InvalidUserBuffer: 3221225704;
    readonly PipeEmpty: 3221225689;
    readonly InternalError: 3221225701;
    readonly UnexpectedIoError: 3221225705;
    readonly DirectoryNotEmpty: 3221225729;
    readonly NotADirectory: 3221225731;
    readonly NameTooLong: 3221225734;
    readonly Cancelled: 3221225760;
    readonly CannotDelete: 3221225761;
    readonly FileDeleted: 3221225763;
    readonly FileClosed: 3221225768;
    readonly NotSameDevice: 3221225684;
    readonly TooManyOpenedFiles: 3221225759;
    readonly InvalidLevel: 3221225800;
    readonly PipeBroken: 3221225803;
    readonly LogonTypeNotGranted: 3221225819;
    readonly InvalidDeviceState: 3221225860;
    readonly IoDeviceError: 3221225861;
    readonly UserSessionDeleted: 3221225987;
    readonly ConnectionDisconnected: 3221225996;
    readonly ConnectionReset: 3221225997;
    readonly NoSuchPrivilege: 3221225568;
    readonly NoSuchUser: 3221225572;
    readonly NoSuchGroup: 3221225574;
    readonly NoSuchDomain: 3221225695;
    readonly NoSuchAlias: 3221225809;
    readonly InvalidReadMode: 3221225652;
    readonly PipeClosing: 3221225649;
    readonly NotFound: 3221226021;
    readonly DuplicateObjectid: 3221226026;
    readonly NotAReparsePoint: 3221226101;
    readonly IoReparseTagInvalid: 3221226102;
    readonly IoReparseTagMismatch: 3221226103;
    readonly IoReparseDataInvalid: 3221226104;
    readonly PathNotCovered: 3221226071;
    readonly DfsUnavailable: 3221226093;
    readonly QuotaExceeded: 3221225540;
    readonly NoLogonServers: 3221225566;
    readonly InvalidLogonHours: 3221225583;
    readonly InvalidWorkstation: 3221225584;
    readonly TimeDifferenceAtDc: 3221225779;
    readonly TrustedRelationshipFailure: 3221225869;
    readonly InsuffServerResources: 3221225989;
    readonly PasswordMustChange: 3221226020;
    readonly NtlmBlocked: 3221226520;
    readonly NetworkSessionExpired: 3221226332;
    readonly FsDriverRequired: 3221225884;
    readonly AccountLockedOut: 3221226036;
    readonly NoUserSessionKey: 3221225986;
    readonly InvalidLockRange: 3221225889;
    readonly InvalidAddress: 3221225793;
    readonly RequestOutOfSequence: 3221226538;
    readonly FileNotAvailable: 3221226599;
    readonly HashNotSupported: 3221266688;
    readonly FileCorruptError: 3221225730;
    readonly DiskCorruptError: 3221225522;
    readonly CrcError: 3221225535;
    readonly DataError: 3221225534;
    readonly DeviceDataError: 3221225628;
    readonly DeviceNotReady: 3221225635;
    readonly DeviceDoesNotExist: 3221225664;
    readonly NoMediaInDevice: 3221225491;
    readonly AccessViolation: 3221225477;
    readonly NoMemory: 3221225495;
    readonly EaCorruptError: 3221225555;
    readonly InvalidPrimaryGroup: 3221225563;
    readonly NoSuchLogonSession: 3221225567;
    readonly IllFormedPassword: 3221225579;
    readonly PasswordRestriction: 3221225580;
    readonly AccountExpired: 3221225875;
    readonly LogonNotGranted: 3221225813;
    readonly LogonSessionCollision: 3221225733;
    readonly LoginTimeRestriction: 3221226055;
    readonly LoginWkstaRestriction: 3221226056;
    readonly DomainControllerNotFound: 3221226035;
    readonly NetlogonNotStarted: 3221225874;
    readonly NoTrustLsaSecret: 3221225866;
    readonly NoTrustSamAccount: 3221225867;
    readonly TrustedDomainFailure: 3221225868;
    readonly TrustFailure: 3221225872;
    readonly DomainTrustInconsistent: 3221225883;
    readonly NologonWorkstationTrustAccount: 3221225881;
    readonly NologonServerTrustAccount: 3221225882;
    readonly NologonInterdomainTrustAccount: 3221225880;
    readonly InvalidServerState: 3221225692;
    readonly CantAccessDomainInfo: 3221225690;
    readonly AuthenticationFirewallFailed: 3221226515;
    readonly DowngradeDetected: 3221226376;
    readonly LogonServerConflict: 3221225778;
    readonly SmartcardLogonRequired: 3221226234;
    readonly BadNetworkPath: 3221225662;
    readonly NetworkBusy: 3221225663;
    readonly UnexpectedNetworkError: 3221225668;
    readonly TooManySessions: 3221225678;
    readonly SharingPaused: 3221225679;
    readonly LinkFailed: 3221225790;
    readonly LocalDisconnect: 3221225787;
    readonly RemoteDisconnect: 3221225788;
    readonly ConnectionRefused: 3221226038;
    readonly NetworkUnreachable: 3221226044;
    readonly HostUnreachable: 3221226045;
    readonly ConnectionAborted: 3221226049;
    readonly ConnectionCountLimit: 3221226054;
    readonly ProtocolUnreachable: 3221226046;
    readonly GracefulDisconnect: 3221226039;
    readonly VirtualCircuitClosed: 3221225686;
    readonly IllegalCharacter: 3221225825;
    readonly UnmappableCharacter: 3221225826;
    readonly FileInvalid: 3221225624;
    readonly FileRenamed: 3221225685;
    readonly TooManyLinks: 3221226085;
    readonly FilesOpen: 3221225735;
    readonly EncryptionFailed: 3221226122;
    readonly DecryptionFailed: 3221226123;
    readonly FileEncrypted: 3221226131;
    readonly IoReparseTagNotHandled: 3221226105;
    readonly ReparsePointNotResolved: 3221226112;
    readonly DirectoryIsAReparsePoint: 3221226113;
    readonly ReparseAttributeConflict: 3221226162;
    readonly OplockNotGranted: 3221225698;
    readonly VirusInfected: 3221227782;
    readonly VirusDeleted: 3221227783;
    readonly DiskQuotaExceeded: 3221227522;
    readonly VolumeDismounted: 3221226094;
    readonly WrongVolume: 3221225490;
    readonly NetworkCredentialConflict: 3221225877;
    readonly SmbNoPreauthIntegrityHashOverlap: 3227320320;
    readonly SmbBadClusterDialect: 3227320321;
    readonly SmbGuestLogonBlocked: 3227320322;
    /** [MS-CIFS] 2.2.2.4: DOS errors encoded as a status, for SMB1 peers. */
    readonly InvalidSmb: 65538;
    readonly SmbBadTid: 327682;
    readonly SmbBadCommand: 1441794;
    readonly SmbBadUid: 5963778;
    readonly SmbBadFid: 393217;
    readonly SmbUseStandard: 16449538;
    readonly OsErrorInvalidLevel: 8126465;
    readonly Os2CancelViolation: 11337729;
    readonly Os2AtomicLocksNotSupported: 11403265;
};
/** `STATUS_ACCESS_DENIED`, or the number in hex if we have no name for it. */
export declare function statusName(status: number): string;
/** Severity "error" ([MS-ERREF] 2.3): the two top bits are set. */
export declare function isError(status: number): boolean;
/** For Status fields in the viewer. */
export declare const ntStatusNames: NameTable;
// wire/fscc/attributes.d.ts
import { type NameTable } from '../io/names.js';
/** [MS-FSCC] 2.6 File Attributes. */
export declare const FileAttributes: {
    readonly Readonly: 1;
    readonly Hidden: 2;
    readonly System: 4;
    readonly Directory: 16;
    readonly Archive: 32;
    readonly Normal: 128;
    readonly Temporary: 256;
    readonly SparseFile: 512;
    readonly ReparsePoint: 1024;
    readonly Compressed: 2048;
    readonly Offline: 4096;
    readonly NotContentIndexed: 8192;
    readonly Encrypted: 16384;
    readonly IntegrityStream: 32768;
    readonly NoScrubData: 131072;
    readonly RecallOnOpen: 262144;
    readonly Pinned: 524288;
    readonly Unpinned: 1048576;
    readonly RecallOnDataAccess: 4194304;
};
export declare const fileAttributeNames: NameTable;
/** Attributes that a client may set; the others describe what a file is. */
export declare const SETTABLE_ATTRIBUTES: number;
/** The attributes as sent to peers: DIRECTORY by kind, NORMAL if and only if there are no others. */
export declare function resolveAttributes(kept: number, directory: boolean): number;
// wire/io/dissector.d.ts
import type { Guid } from '../dtyp/guid.js';
import { Decoder } from './decoder.js';
import type { FileId } from './file-id.js';
import type { Wire } from './layout.js';
import { Malformed } from './malformed.js';
import { type NameTable } from './names.js';
import type { Slot } from './slot.js';
/** Value of a field. Bytes are views of the dissected frame. */
export type FieldValue = number | bigint | string | Uint8Array | readonly number[] | null;
/** One field of a dissected frame: its spec name, its bytes, its meaning. */
export interface Field {
    readonly name: string;
    /** First byte, counted from the start of the dissected bytes. */
    readonly at: number;
    /** Length in bytes. */
    readonly size: number;
    readonly value: FieldValue;
    /** Readable form: names of codes and flags, times as dates. */
    readonly text: string;
    readonly children?: readonly Field[];
}
/** A Decoder that records all fields, including those read before a failure. */
export declare class Dissector extends Decoder {
    #private;
    fields: Field[];
    u8(name: string, v: number, names?: NameTable): number;
    u16(name: string, v: number, names?: NameTable): number;
    u32(name: string, v: number, names?: NameTable): number;
    i16(name: string, v: number): number;
    i32(name: string, v: number): number;
    u16be(name: string, v: number, names?: NameTable): number;
    u32be(name: string, v: number, names?: NameTable): number;
    flags8(name: string, v: number, bits: NameTable): number;
    flags16(name: string, v: number, bits: NameTable): number;
    flags32(name: string, v: number, bits: NameTable): number;
    u64(name: string, v: number): number;
    offset64(name: string, v: number): number;
    size64(name: string, v: number): number;
    x64(name: string, v: bigint): bigint;
    time(name: string, v: bigint): bigint;
    guid(name: string, v: Guid): Guid;
    fileId(name: string, v: FileId): FileId;
    skip(name: string, n: number): void;
    bytes(name: string, n: number, v: Uint8Array): Uint8Array;
    oem(name: string, v: string): string;
    utf16z(name: string, v: string): string;
    utf16Rest(name: string, v: string): string;
    u16s(name: string, count: number, v: number[]): number[];
    maxLength16(name: string, slot: Slot): Slot;
    bytesAt(name: string, slot: Slot, v: Uint8Array, align?: number): Uint8Array;
    utf16At(name: string, slot: Slot, v: string, align?: number): string;
    structAt<T extends Wire>(name: string, slot: Slot, v: T, align?: number): T;
    struct<T extends Wire>(name: string, v: T): T;
    within(name: string, slot: Slot, body: () => void): void;
    protected entry(name: string, index: number, item: Wire): void;
}
/** Dissects one structure; fields read before an error are kept. */
export declare function dissectWith(io: Dissector, message: Wire): {
    fields: readonly Field[];
    malformed: Malformed | undefined;
};
// wire/io/file-id.d.ts
/** [MS-SMB2] 2.2.14.1 SMB2_FILEID. Four 32-bit words: exact, comparable, no BigInt on READ and WRITE. */
export declare class FileId {
    static readonly none: FileId;
    /** All ones: "the file of the previous request in this compound". */
    static readonly related: FileId;
    readonly p0: number;
    readonly p1: number;
    readonly v0: number;
    readonly v1: number;
    constructor(p0: number, p1: number, v0: number, v1: number);
    equals(other: FileId): boolean;
    get isRelated(): boolean;
    /** `persistent:volatile`, each as 16 hex digits. */
    toString(): string;
}
// wire/io/malformed.d.ts
import { SmbError } from '../erref/errors.js';
/** A peer's bytes are invalid. Decoders throw no other error. */
export declare class Malformed extends SmbError {
    /** The field as the specification spells it. */
    readonly field: string;
    /** Byte position relative to the message. */
    readonly at: number;
    constructor(field: string, at: number, why: string);
}
// wire/io/names.d.ts
/** Maps codes, or single bits of flag fields, to readable names: `{ 3: 'SMB2_TREE_CONNECT' }`. */
export type NameTable = Readonly<Record<number, string>>;
/** Turns a table of codes into a name table: `{ ReadData: 1 }` becomes `{ 1: 'READ_DATA' }`, after `prefix`. */
export declare function namesOf(codes: Readonly<Record<string, number>>, prefix?: string): NameTable;
/** Converts camelCase or PascalCase to the specifications' spelling: `ReadEa` becomes `READ_EA`. */
export declare function screaming(name: string): string;
/** `SIGNED|ASYNC_COMMAND|0x40`; `0` for none. */
export declare function flagText(value: number, bits: NameTable): string;
// wire/smb2/dialect.d.ts
import type { NameTable } from '../io/names.js';
/** [MS-SMB2] 2.2.3 Dialects. */
export declare const Dialect: {
    readonly Smb202: 514;
    readonly Smb210: 528;
    readonly Smb300: 768;
    readonly Smb302: 770;
    readonly Smb311: 785;
    /** SMB 2.1 or later, in the answer to an SMB1 NEGOTIATE that offers "SMB 2.???". */
    readonly Wildcard: 767;
};
/** Common names of the dialects. */
export declare const dialectNames: NameTable;
