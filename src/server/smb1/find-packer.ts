import type { DirectoryEntry } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type DirectoryInfoRow, directoryInfoClasses } from '#wire/fscc/directory-info/classes.js';
import { DirectoryPacker } from '#wire/fscc/directory-info/packer.js';
import type { EntryFacts } from '#wire/fscc/file-facts.js';
import { Encoder } from '#wire/io/encoder.js';
import { FindInfoStandard } from '#wire/smb1/info/find-info-standard.js';
import { FindLevel, fsccClassOf, PASS_THROUGH } from '#wire/smb1/info-levels.js';
import { entryFacts } from '../action/facts.js';
import { isOem, OemClassPacker } from './oem-class-packer.js';
import { dosAttributes, dosSize, dosTimes } from './times.js';

/** Collects found entries while they fit. */
export interface FindPacker {
  /** Offset of the last entry. */
  readonly lastAt: number;
  /** False if the entry does not fit; nothing is changed then. */
  add(entry: DirectoryEntry): boolean;
  finish(): Uint8Array;
}

/** Creates the packer for an information level. */
export function findPacker(level: number, room: number, unicode: boolean, resumeKeys: boolean): FindPacker {
  if (level === FindLevel.InfoStandard || level === FindLevel.InfoQueryEaSize) {
    return new StandardPacker(room, unicode, resumeKeys, level === FindLevel.InfoQueryEaSize);
  }
  const row = directoryInfoClasses[fsccClassOf('find', level) ?? -1];
  if (row) return new ClassPacker(row, room, unicode);
  throw new StatusError(level >= PASS_THROUGH ? NtStatus.InvalidInfoClass : NtStatus.OsErrorInvalidLevel);
}

const ALIGN = 8;

/** A name that a client without Unicode can send back: the 8.3 name if necessary. */
function oemNameOf({ name, shortName }: EntryFacts): string {
  return isOem(name) ? name : shortName;
}

/** Packer for the information classes of [MS-FSCC] 2.4. */
class ClassPacker implements FindPacker {
  lastAt = 0;
  readonly #row: DirectoryInfoRow;
  readonly #packer: DirectoryPacker | OemClassPacker;
  readonly #unicode: boolean;

  constructor(row: DirectoryInfoRow, room: number, unicode: boolean) {
    this.#row = row;
    this.#packer = unicode ? new DirectoryPacker(room) : new OemClassPacker(room);
    this.#unicode = unicode;
  }

  add({ name, info }: DirectoryEntry): boolean {
    const at = (this.#packer.size + ALIGN - 1) & -ALIGN;
    const facts = entryFacts(name, info);
    const shown = this.#unicode ? facts : { ...facts, name: oemNameOf(facts) };
    if (!this.#packer.add(this.#row.of(shown))) return false;
    this.lastAt = at;
    return true;
  }

  finish(): Uint8Array {
    return this.#packer.finish();
  }
}

const LONGEST_COUNTED = 255;
const SLACK = 1024;

/** Packer for SMB_INFO_STANDARD and SMB_INFO_QUERY_EA_SIZE. */
class StandardPacker implements FindPacker {
  lastAt = 0;
  readonly #room: number;
  readonly #resumeKeys: boolean;
  readonly #eaSize: boolean;
  readonly #io: Encoder;
  #count = 0;

  constructor(room: number, unicode: boolean, resumeKeys: boolean, eaSize: boolean) {
    this.#room = room;
    this.#resumeKeys = resumeKeys;
    this.#eaSize = eaSize;
    this.#io = new Encoder(room + SLACK).begin();
    this.#io.unicode = unicode;
  }

  add({ name, info }: DirectoryEntry): boolean {
    const io = this.#io;
    const before = io.at;
    this.#entry(entryFacts(name, info)).layout(io);
    if (io.at > this.#room) {
      io.pos = io.base + before;
      return false;
    }
    this.lastAt = before;
    this.#count++;
    return true;
  }

  #entry(facts: EntryFacts): FindInfoStandard {
    const entry = new FindInfoStandard(this.#resumeKeys, this.#eaSize);
    entry.resumeKey = this.#count + 1;
    entry.times = dosTimes(facts);
    entry.fileDataSize = dosSize(facts.size);
    entry.allocationSize = dosSize(facts.allocationSize);
    entry.attributes = dosAttributes(facts.attributes);
    // The length field has only eight bits.
    const { unicode } = this.#io;
    const name = unicode ? facts.name : oemNameOf(facts);
    entry.fileName = name.length * (unicode ? 2 : 1) > LONGEST_COUNTED ? facts.shortName : name;
    return entry;
  }

  finish(): Uint8Array {
    return this.#io.end();
  }
}
