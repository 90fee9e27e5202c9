import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { directoryInfoClasses } from '../../fscc/directory-info/classes.js';
import { fileInfoClasses } from '../../fscc/file-info/classes.js';
import { fsInfoClasses } from '../../fscc/fs-info/classes.js';
import { FileId } from '../../io/file-id.js';
import { InfoType, infoClassNames, SecurityInformation } from './info-type.js';
import { QueryInfoRequest, QueryInfoResponse } from './query-info.js';

const at = { headerLength: 64 };

// smbclient 4.17.12 to smbd 4.17.12, dialect 3.1.1: `allinfo up.txt` asks for the alternate name.
golden(
  QueryInfoRequest,
  { fileInfoClass: 21, outputBufferLength: 0xffff, fileId: new FileId(0xbbfe3a4e, 0, 0x8579a5ac, 0) },
  `2900 01 15 ffff0000 0000 0000 00000000 00000000 00000000 4e3afebb00000000aca5798500000000 00`,
  at,
);
golden(
  QueryInfoResponse,
  { output: fromHex('0c000000 750070002e00740078007400') },
  '0900 4800 10000000 0c000000 750070002e00740078007400',
  { ...at },
);
// The streams of a directory: none.
golden(QueryInfoResponse, {}, '0900 4800 00000000', at);

// With an input buffer, from the table in 2.2.37.
golden(
  QueryInfoRequest,
  {
    infoType: InfoType.Security,
    additionalInformation: SecurityInformation.Owner | SecurityInformation.Dacl,
    flags: 1,
    input: fromHex('0a0b'),
  },
  `2900 03 00 00000000 6800 0000 02000000 05000000 01000000 ${'00'.repeat(16)} 0a0b`,
  at,
);

test('each class that has a structure has its name', () => {
  const rows: readonly (readonly [number, Readonly<Record<number, { readonly name: string }>>])[] = [
    [InfoType.File, fileInfoClasses],
    [InfoType.File, directoryInfoClasses],
    [InfoType.Filesystem, fsInfoClasses],
  ];
  for (const [type, classes] of rows) {
    for (const [code, { name }] of Object.entries(classes)) assert.equal(infoClassNames(type)[Number(code)], name);
  }
  assert.equal(infoClassNames(InfoType.File)[59], 'FileIdInformation');
  assert.equal(infoClassNames(InfoType.File)[33], 'FileReparsePointInformation');
  assert.equal(infoClassNames(InfoType.Security)[4], undefined);
});
