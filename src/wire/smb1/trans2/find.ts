import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { LEVEL_NAMES } from '../info-levels.js';

/** [MS-CIFS] 2.2.6.2.1 Flags. */
export const FindFlags = {
  CloseAfterRequest: 0x0001,
  CloseAtEos: 0x0002,
  ReturnResumeKeys: 0x0004,
  ContinueFromLast: 0x0008,
  WithBackupIntent: 0x0010,
} as const;

const FLAG_NAMES: NameTable = namesOf(FindFlags, 'SMB_FIND_');

/** [MS-CIFS] 2.2.6.2.1 TRANS2_FIND_FIRST2 Request, its parameters. */
export class FindFirst2Request implements Wire {
  searchAttributes = 0;
  searchCount = 0;
  flags = 0;
  informationLevel = 0;
  searchStorageType = 0;
  fileName = '';

  layout(io: Layout): void {
    this.searchAttributes = io.u16('SearchAttributes', this.searchAttributes);
    this.searchCount = io.u16('SearchCount', this.searchCount);
    this.flags = io.flags16('Flags', this.flags, FLAG_NAMES);
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.find);
    this.searchStorageType = io.u32('SearchStorageType', this.searchStorageType);
    this.fileName = io.text('FileName', this.fileName);
  }
}

/** [MS-CIFS] 2.2.6.2.2 TRANS2_FIND_FIRST2 Response, its parameters. The entries are the data. */
export class FindFirst2Response implements Wire {
  sid = 0;
  searchCount = 0;
  endOfSearch = 0;
  eaErrorOffset = 0;
  lastNameOffset = 0;

  layout(io: Layout): void {
    this.sid = io.u16('SID', this.sid);
    this.searchCount = io.u16('SearchCount', this.searchCount);
    this.endOfSearch = io.u16('EndOfSearch', this.endOfSearch);
    this.eaErrorOffset = io.u16('EaErrorOffset', this.eaErrorOffset);
    this.lastNameOffset = io.u16('LastNameOffset', this.lastNameOffset);
  }
}

/** [MS-CIFS] 2.2.6.3.1 TRANS2_FIND_NEXT2 Request, its parameters. */
export class FindNext2Request implements Wire {
  sid = 0;
  searchCount = 0;
  informationLevel = 0;
  resumeKey = 0;
  flags = 0;
  fileName = '';

  layout(io: Layout): void {
    this.sid = io.u16('SID', this.sid);
    this.searchCount = io.u16('SearchCount', this.searchCount);
    this.informationLevel = io.u16('InformationLevel', this.informationLevel, LEVEL_NAMES.find);
    this.resumeKey = io.u32('ResumeKey', this.resumeKey);
    this.flags = io.flags16('Flags', this.flags, FLAG_NAMES);
    this.fileName = io.text('FileName', this.fileName);
  }
}

/** [MS-CIFS] 2.2.6.3.2 TRANS2_FIND_NEXT2 Response, its parameters. The entries are the data. */
export class FindNext2Response implements Wire {
  searchCount = 0;
  endOfSearch = 0;
  eaErrorOffset = 0;
  lastNameOffset = 0;

  layout(io: Layout): void {
    this.searchCount = io.u16('SearchCount', this.searchCount);
    this.endOfSearch = io.u16('EndOfSearch', this.endOfSearch);
    this.eaErrorOffset = io.u16('EaErrorOffset', this.eaErrorOffset);
    this.lastNameOffset = io.u16('LastNameOffset', this.lastNameOffset);
  }
}
