/** [MS-SMB2] 2.2.14.1 SMB2_FILEID. Four 32-bit words: exact, comparable, no BigInt on READ and WRITE. */
export class FileId {
  static readonly none: FileId = new FileId(0, 0, 0, 0);
  /** All ones: "the file of the previous request in this compound". */
  static readonly related: FileId = new FileId(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
  readonly p0: number;
  readonly p1: number;
  readonly v0: number;
  readonly v1: number;

  constructor(p0: number, p1: number, v0: number, v1: number) {
    this.p0 = p0;
    this.p1 = p1;
    this.v0 = v0;
    this.v1 = v1;
  }

  equals(other: FileId): boolean {
    return this.p0 === other.p0 && this.p1 === other.p1 && this.v0 === other.v0 && this.v1 === other.v1;
  }

  get isRelated(): boolean {
    return this.equals(FileId.related);
  }

  /** `persistent:volatile`, each as 16 hex digits. */
  toString(): string {
    const hex = (word: number): string => word.toString(16).padStart(8, '0');
    return `${hex(this.p1)}${hex(this.p0)}:${hex(this.v1)}${hex(this.v0)}`;
  }
}
