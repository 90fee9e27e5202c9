import { type NameTable, namesOf } from '../io/names.js';

/** Levels from here on are [MS-FSCC] information classes plus this ([MS-SMB] 2.2.2.3.5, CAP_INFOLEVEL_PASSTHRU). */
export const PASS_THROUGH = 1000;

/** [MS-CIFS] 2.2.2.3.1, [MS-SMB] 2.2.2.3.1 levels of TRANS2_FIND_FIRST2 and TRANS2_FIND_NEXT2. */
export const FindLevel = {
  InfoStandard: 0x0001,
  InfoQueryEaSize: 0x0002,
  InfoQueryEasFromList: 0x0003,
  FindFileDirectoryInfo: 0x0101,
  FindFileFullDirectoryInfo: 0x0102,
  FindFileNamesInfo: 0x0103,
  FindFileBothDirectoryInfo: 0x0104,
  FindFileIdFullDirectoryInfo: 0x0105,
  FindFileIdBothDirectoryInfo: 0x0106,
} as const;

/** [MS-CIFS] 2.2.2.3.2 levels of TRANS2_QUERY_FS_INFORMATION. */
export const QueryFsLevel = {
  InfoAllocation: 0x0001,
  InfoVolume: 0x0002,
  QueryFsVolumeInfo: 0x0102,
  QueryFsSizeInfo: 0x0103,
  QueryFsDeviceInfo: 0x0104,
  QueryFsAttributeInfo: 0x0105,
} as const;

/** [MS-CIFS] 2.2.2.3.3 levels of TRANS2_QUERY_PATH_INFORMATION and TRANS2_QUERY_FILE_INFORMATION. */
export const QueryLevel = {
  InfoStandard: 0x0001,
  InfoQueryEaSize: 0x0002,
  InfoQueryEasFromList: 0x0003,
  InfoQueryAllEas: 0x0004,
  InfoIsNameValid: 0x0006,
  QueryFileBasicInfo: 0x0101,
  QueryFileStandardInfo: 0x0102,
  QueryFileEaInfo: 0x0103,
  QueryFileNameInfo: 0x0104,
  QueryFileAllInfo: 0x0107,
  QueryFileAltNameInfo: 0x0108,
  QueryFileStreamInfo: 0x0109,
  QueryFileCompressionInfo: 0x010b,
} as const;

/** [MS-CIFS] 2.2.2.3.4 levels of TRANS2_SET_PATH_INFORMATION and TRANS2_SET_FILE_INFORMATION. */
export const SetLevel = {
  InfoStandard: 0x0001,
  InfoSetEas: 0x0002,
  SetFileBasicInfo: 0x0101,
  SetFileDispositionInfo: 0x0102,
  SetFileAllocationInfo: 0x0103,
  SetFileEndOfFileInfo: 0x0104,
} as const;

/** The table that a level belongs to. */
export type LevelKind = 'find' | 'queryFs' | 'query' | 'set';

/** The [MS-FSCC] class that a level is encoded as ([MS-FSCC] 2.4, 2.5). Other levels have their own layout. */
const CLASSES: Readonly<Record<LevelKind, Readonly<Record<number, number>>>> = {
  find: {
    [FindLevel.FindFileDirectoryInfo]: 1,
    [FindLevel.FindFileFullDirectoryInfo]: 2,
    [FindLevel.FindFileNamesInfo]: 12,
    [FindLevel.FindFileBothDirectoryInfo]: 3,
    [FindLevel.FindFileIdFullDirectoryInfo]: 38,
    [FindLevel.FindFileIdBothDirectoryInfo]: 37,
  },
  queryFs: {
    [QueryFsLevel.QueryFsVolumeInfo]: 1,
    [QueryFsLevel.QueryFsSizeInfo]: 3,
    [QueryFsLevel.QueryFsDeviceInfo]: 4,
    [QueryFsLevel.QueryFsAttributeInfo]: 5,
  },
  query: {
    [QueryLevel.QueryFileBasicInfo]: 4,
    [QueryLevel.QueryFileStandardInfo]: 5,
    [QueryLevel.QueryFileEaInfo]: 7,
    [QueryLevel.QueryFileNameInfo]: 9,
    [QueryLevel.QueryFileAltNameInfo]: 21,
    [QueryLevel.QueryFileStreamInfo]: 22,
    [QueryLevel.QueryFileCompressionInfo]: 28,
  },
  set: {
    [SetLevel.SetFileBasicInfo]: 4,
    [SetLevel.SetFileDispositionInfo]: 13,
    [SetLevel.SetFileAllocationInfo]: 19,
    [SetLevel.SetFileEndOfFileInfo]: 20,
  },
};

/**
 * The information class of [MS-FSCC] whose structure a level carries: of 2.5 for `queryFs`, of 2.4 for the others.
 * Undefined for the levels with a layout of their own, and unknown ones.
 */
export function fsccClassOf(kind: LevelKind, level: number): number | undefined {
  return level >= PASS_THROUGH ? level - PASS_THROUGH : CLASSES[kind][level];
}

/** The level for an [MS-FSCC] class without pass-through, if there is one. */
export function levelOf(kind: LevelKind, fsccClass: number): number | undefined {
  for (const [level, found] of Object.entries(CLASSES[kind])) if (found === fsccClass) return Number(level);
  return undefined;
}

export const LEVEL_NAMES: Readonly<Record<LevelKind, NameTable>> = {
  find: namesOf(FindLevel, 'SMB_'),
  queryFs: namesOf(QueryFsLevel, 'SMB_'),
  query: namesOf(QueryLevel, 'SMB_'),
  set: namesOf(SetLevel, 'SMB_'),
};
