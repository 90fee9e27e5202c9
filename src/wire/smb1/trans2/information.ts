import type { Layout, Wire } from '../../io/layout.js';
import { LEVEL_NAMES } from '../info-levels.js';

/** [MS-CIFS] 2.2.6.4.1 TRANS2_QUERY_FS_INFORMATION Request, its parameters. The response has none. */
export class QueryFsInformationRequest implements Wire {
  informationLevel = 0;

  layout(io: Layout): void {
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.queryFs);
  }
}

/** [MS-CIFS] 2.2.6.6.1 TRANS2_QUERY_PATH_INFORMATION Request, its parameters. */
export class QueryPathInformationRequest implements Wire {
  informationLevel = 0;
  fileName = '';

  layout(io: Layout): void {
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.query);
    io.skip('Reserved', 4);
    this.fileName = io.text('FileName', this.fileName);
  }
}

/** [MS-CIFS] 2.2.6.7.1 TRANS2_SET_PATH_INFORMATION Request, its parameters. */
export class SetPathInformationRequest implements Wire {
  informationLevel = 0;
  fileName = '';

  layout(io: Layout): void {
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.set);
    io.skip('Reserved', 4);
    this.fileName = io.text('FileName', this.fileName);
  }
}

/** [MS-CIFS] 2.2.6.8.1 TRANS2_QUERY_FILE_INFORMATION Request, its parameters. */
export class QueryFileInformationRequest implements Wire {
  fid = 0;
  informationLevel = 0;

  layout(io: Layout): void {
    this.fid = io.u16('FID', this.fid);
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.query);
  }
}

/** [MS-CIFS] 2.2.6.9.1 TRANS2_SET_FILE_INFORMATION Request, its parameters. */
export class SetFileInformationRequest implements Wire {
  fid = 0;
  informationLevel = 0;

  layout(io: Layout): void {
    this.fid = io.u16('FID', this.fid);
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.set);
    io.skip('Reserved', 2);
  }
}

/**
 * [MS-CIFS] 2.2.6.6.2, 2.2.6.7.2, 2.2.6.8.2, 2.2.6.9.2, 2.2.6.14.2: the parameters of responses to queries and sets of
 * files and paths, and to TRANS2_CREATE_DIRECTORY.
 */
export class EaErrorResponse implements Wire {
  eaErrorOffset = 0;

  layout(io: Layout): void {
    this.eaErrorOffset = io.u16('EaErrorOffset', this.eaErrorOffset);
  }
}
