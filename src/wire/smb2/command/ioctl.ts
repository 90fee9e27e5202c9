import { fsctlNames } from '../../fscc/fsctl/fsctl.js';
import { EMPTY } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { emptyBuffer } from './empty-buffer.js';

/** [MS-SMB2] 2.2.31 Flags of the IOCTL Request: zero means IOCTL rather than FSCTL, which servers refuse. */
export const IoctlFlags = {
  IsFsctl: 0x00000001,
} as const;

export const ioctlFlagNames: NameTable = namesOf(IoctlFlags, 'SMB2_0_IOCTL_');

/** [MS-SMB2] 2.2.31 SMB2 IOCTL Request. For the content of the buffers by CtlCode, see `fscc/fsctl/structures`. */
export class IoctlRequest {
  ctlCode = 0;
  /** All ones for codes that do not refer to a file. */
  fileId: FileId = FileId.related;
  maxInputResponse = 0;
  maxOutputResponse = 0;
  flags: number = IoctlFlags.IsFsctl;
  input: Uint8Array = EMPTY;
  output: Uint8Array = EMPTY;

  layout(io: Layout): void {
    io.same16('StructureSize', 57);
    io.skip('Reserved', 2);
    this.ctlCode = io.u32('CtlCode', this.ctlCode, fsctlNames);
    this.fileId = io.fileId('FileId', this.fileId);
    const input = io.offset32('InputOffset');
    io.length32('InputCount', input);
    this.maxInputResponse = io.u32('MaxInputResponse', this.maxInputResponse);
    const output = io.offset32('OutputOffset');
    io.length32('OutputCount', output);
    this.maxOutputResponse = io.u32('MaxOutputResponse', this.maxOutputResponse);
    this.flags = io.flags32('Flags', this.flags, ioctlFlagNames);
    io.skip('Reserved2', 4);
    this.input = io.bytesAt('Input', input, this.input);
    this.output = io.bytesAt('Output', output, this.output, 8);
    emptyBuffer(io, this.input.length + this.output.length);
  }
}

/** [MS-SMB2] 2.2.32 SMB2 IOCTL Response. */
export class IoctlResponse {
  ctlCode = 0;
  fileId: FileId = FileId.related;
  flags = 0;
  input: Uint8Array = EMPTY;
  output: Uint8Array = EMPTY;
  /** Bytes to leave free before Input. */
  padding = 0;

  layout(io: Layout): void {
    io.same16('StructureSize', 49);
    io.skip('Reserved', 2);
    this.ctlCode = io.u32('CtlCode', this.ctlCode, fsctlNames);
    this.fileId = io.fileId('FileId', this.fileId);
    const input = io.offset32('InputOffset');
    input.keepOffset = true;
    io.length32('InputCount', input);
    const output = io.offset32('OutputOffset');
    output.keepOffset = true;
    io.length32('OutputCount', output);
    this.flags = io.u32('Flags', this.flags);
    io.skip('Reserved2', 4);
    if (!io.reading && this.padding > 0) io.skip('Padding', this.padding);
    this.input = io.bytesAt('Input', input, this.input);
    this.output = io.bytesAt('Output', output, this.output, 8);
  }
}
