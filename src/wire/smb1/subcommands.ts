import { GetDfsReferralRequest, GetDfsReferralResponse } from '../dfsc/get-dfs-referral.js';
import { DirectoryList } from '../fscc/directory-info/directory-list.js';
import { FileInfoClass, fileInfoClasses } from '../fscc/file-info/classes.js';
import { FileLinkInformationType1 } from '../fscc/file-info/link-type-1.js';
import { FileRenameInformationType1 } from '../fscc/file-info/rename-type-1.js';
import { fsInfoClasses } from '../fscc/fs-info/classes.js';
import { FileNotifyList } from '../fscc/notify.js';
import type { Wire } from '../io/layout.js';
import { NtTransactFunction } from './command/nt-transact.js';
import { FeaList } from './info/fea-list.js';
import { FindInfoStandardList } from './info/find-info-standard.js';
import { InfoAllocation, InfoVolume } from './info/fs-info.js';
import { InfoStandard, SetInfoStandard } from './info/info-standard.js';
import { QueryFileAllInfo } from './info/query-file-all-info.js';
import { QueryFileBasicInfo, QueryFileStandardInfo } from './info/query-file-info.js';
import {
  FindLevel,
  fsccClassOf,
  type LevelKind,
  PASS_THROUGH,
  QueryFsLevel,
  QueryLevel,
  SetLevel,
} from './info-levels.js';
import { NtTransactCreateData, NtTransactCreateRequest, NtTransactCreateResponse } from './nt-transact/create.js';
import { IoctlSetup } from './nt-transact/ioctl.js';
import { NotifyChangeSetup } from './nt-transact/notify-change.js';
import { QuerySecurityDescResponse, SecurityDescRequest } from './nt-transact/security-desc.js';
import { Trans2CreateDirectoryRequest } from './trans2/create-directory.js';
import {
  FindFirst2Request,
  FindFirst2Response,
  FindFlags,
  FindNext2Request,
  FindNext2Response,
} from './trans2/find.js';
import {
  EaErrorResponse,
  QueryFileInformationRequest,
  QueryFsInformationRequest,
  QueryPathInformationRequest,
  SetFileInformationRequest,
  SetPathInformationRequest,
} from './trans2/information.js';
import { Trans2Subcommand } from './trans2/trans2-subcommand.js';

/** Structures of a subcommand. The data may depend on the parameters, and on the level in the request. */
export interface SubcommandRow {
  readonly setup?: new () => Wire;
  readonly request?: new () => Wire;
  readonly response?: new () => Wire;
  /** The table of its information levels. */
  readonly level?: LevelKind;
}

/** The subcommands of SMB_COM_TRANSACTION2 that have a layout. */
export const TRANS2_ROWS: Readonly<Record<number, SubcommandRow>> = {
  [Trans2Subcommand.FindFirst2]: { request: FindFirst2Request, response: FindFirst2Response, level: 'find' },
  [Trans2Subcommand.FindNext2]: { request: FindNext2Request, response: FindNext2Response, level: 'find' },
  [Trans2Subcommand.QueryFsInformation]: { request: QueryFsInformationRequest, level: 'queryFs' },
  [Trans2Subcommand.QueryPathInformation]: {
    request: QueryPathInformationRequest,
    response: EaErrorResponse,
    level: 'query',
  },
  [Trans2Subcommand.SetPathInformation]: {
    request: SetPathInformationRequest,
    response: EaErrorResponse,
    level: 'set',
  },
  [Trans2Subcommand.QueryFileInformation]: {
    request: QueryFileInformationRequest,
    response: EaErrorResponse,
    level: 'query',
  },
  [Trans2Subcommand.SetFileInformation]: {
    request: SetFileInformationRequest,
    response: EaErrorResponse,
    level: 'set',
  },
  [Trans2Subcommand.CreateDirectory]: { request: Trans2CreateDirectoryRequest, response: EaErrorResponse },
  [Trans2Subcommand.GetDfsReferral]: { request: GetDfsReferralRequest },
};

/** The functions of SMB_COM_NT_TRANSACT that have a layout. */
export const NT_TRANSACT_ROWS: Readonly<Record<number, SubcommandRow>> = {
  [NtTransactFunction.Create]: { request: NtTransactCreateRequest, response: NtTransactCreateResponse },
  [NtTransactFunction.Ioctl]: { setup: IoctlSetup },
  [NtTransactFunction.SetSecurityDesc]: { request: SecurityDescRequest },
  [NtTransactFunction.NotifyChange]: { setup: NotifyChangeSetup, response: FileNotifyList },
  [NtTransactFunction.QuerySecurityDesc]: { request: SecurityDescRequest, response: QuerySecurityDescResponse },
};

/** Layouts of the levels that differ from the [MS-FSCC] classes. */
const OWN_LEVELS: Readonly<Record<LevelKind, Readonly<Record<number, () => Wire>>>> = {
  find: {},
  queryFs: {
    [QueryFsLevel.InfoAllocation]: () => new InfoAllocation(),
    [QueryFsLevel.InfoVolume]: () => new InfoVolume(),
  },
  query: {
    [QueryLevel.InfoStandard]: () => new InfoStandard(),
    [QueryLevel.InfoQueryEaSize]: () => new InfoStandard(true),
    [QueryLevel.InfoQueryAllEas]: () => new FeaList(),
    [QueryLevel.QueryFileBasicInfo]: () => new QueryFileBasicInfo(),
    [QueryLevel.QueryFileStandardInfo]: () => new QueryFileStandardInfo(),
    [QueryLevel.QueryFileAllInfo]: () => new QueryFileAllInfo(),
  },
  set: {
    [SetLevel.InfoStandard]: () => new SetInfoStandard(),
    [SetLevel.SetFileBasicInfo]: () => new QueryFileBasicInfo(),
    // [MS-FSCC] 2.4.41.1, 2.4.27.1: SMB1 has a shorter RootDirectory than SMB2.
    [PASS_THROUGH + FileInfoClass.Rename]: () => new FileRenameInformationType1(),
    [PASS_THROUGH + FileInfoClass.Link]: () => new FileLinkInformationType1(),
  },
};

/** Creates the data structure of a level; undefined for unknown levels. */
function levelData(kind: LevelKind, level: number): Wire | undefined {
  const own = OWN_LEVELS[kind][level];
  if (own) return own();
  const fsccClass = fsccClassOf(kind, level);
  if (fsccClass === undefined) return undefined;
  if (kind === 'find') return new DirectoryList(fsccClass);
  return kind === 'queryFs' ? fsInfoClasses[fsccClass]?.make() : fileInfoClasses[fsccClass]?.make();
}

/** The InformationLevel in a request's parameters, or -1 if there is none. */
function levelIn(parameters: Wire | undefined): number {
  return parameters && 'informationLevel' in parameters ? Number(parameters.informationLevel) : -1;
}

/** The data structure of a request, if known. `parameters` are the request's. */
export function requestData(row: SubcommandRow, parameters: Wire | undefined): Wire | undefined {
  if (parameters instanceof NtTransactCreateRequest) return new NtTransactCreateData(parameters);
  return row.level === 'set' ? levelData('set', levelIn(parameters)) : undefined;
}

/** The data structure of a response, if known. */
export function responseData(
  row: SubcommandRow,
  asked: Wire | undefined,
  answered: Wire | undefined,
): Wire | undefined {
  if (asked instanceof GetDfsReferralRequest) return new GetDfsReferralResponse();
  if (asked instanceof FindFirst2Request || asked instanceof FindNext2Request) {
    if (!(answered instanceof FindFirst2Response || answered instanceof FindNext2Response)) return undefined;
    const level = asked.informationLevel;
    if (level !== FindLevel.InfoStandard && level !== FindLevel.InfoQueryEaSize) return levelData('find', level);
    const keys = (asked.flags & FindFlags.ReturnResumeKeys) !== 0;
    return new FindInfoStandardList(answered.searchCount, keys, level === FindLevel.InfoQueryEaSize);
  }
  return row.level === 'query' || row.level === 'queryFs' ? levelData(row.level, levelIn(asked)) : undefined;
}
