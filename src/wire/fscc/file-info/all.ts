import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';
import { FileAccessInformation } from './access.js';
import { FileAlignmentInformation } from './alignment.js';
import { FileBasicInformation } from './basic.js';
import { FileEaInformation } from './ea.js';
import { FileInternalInformation } from './internal.js';
import { FileModeInformation } from './mode.js';
import { FileNameInformation } from './name.js';
import { FilePositionInformation } from './position.js';
import { FileStandardInformation } from './standard.js';

/** [MS-FSCC] 2.4.3 FileAllInformation. */
export class FileAllInformation implements Wire {
  basicInformation: FileBasicInformation = new FileBasicInformation();
  standardInformation: FileStandardInformation = new FileStandardInformation();
  internalInformation: FileInternalInformation = new FileInternalInformation();
  eaInformation: FileEaInformation = new FileEaInformation();
  accessInformation: FileAccessInformation = new FileAccessInformation();
  positionInformation: FilePositionInformation = new FilePositionInformation();
  modeInformation: FileModeInformation = new FileModeInformation();
  alignmentInformation: FileAlignmentInformation = new FileAlignmentInformation();
  nameInformation: FileNameInformation = new FileNameInformation();

  static of(facts: FileFacts): FileAllInformation {
    const info = new FileAllInformation();
    info.basicInformation = FileBasicInformation.of(facts);
    info.standardInformation = FileStandardInformation.of(facts);
    info.internalInformation = FileInternalInformation.of(facts);
    info.eaInformation = FileEaInformation.of(facts);
    info.accessInformation = FileAccessInformation.of(facts);
    info.positionInformation = FilePositionInformation.of(facts);
    info.modeInformation = FileModeInformation.of(facts);
    info.alignmentInformation = FileAlignmentInformation.of(facts);
    info.nameInformation = FileNameInformation.of(facts);
    return info;
  }

  layout(io: Layout): void {
    io.struct('BasicInformation', this.basicInformation);
    io.struct('StandardInformation', this.standardInformation);
    io.struct('InternalInformation', this.internalInformation);
    io.struct('EaInformation', this.eaInformation);
    io.struct('AccessInformation', this.accessInformation);
    io.struct('PositionInformation', this.positionInformation);
    io.struct('ModeInformation', this.modeInformation);
    io.struct('AlignmentInformation', this.alignmentInformation);
    io.struct('NameInformation', this.nameInformation);
  }
}
