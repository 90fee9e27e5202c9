import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileFullEaInformation } from '#wire/fscc/file-info/full-ea.js';
import { EMPTY } from '#wire/io/decoder.js';
import { FeaList } from '#wire/smb1/info/fea-list.js';
import { PASS_THROUGH, QueryLevel } from '#wire/smb1/info-levels.js';
import { QueryFileInformationRequest } from '#wire/smb1/trans2/information.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import { errnoCode } from '../errors.js';
import { packed } from '../packing.js';
import type { Control } from '../protocol.js';
import type { Smb1Caller } from './caller.js';
import type { Smb1Handle } from './files.js';

/**
 * Reads all extended attributes through the information class; servers that do not support it (Samba) are asked at the
 * CIFS level.
 */
export async function queryEas(
  caller: Smb1Caller,
  { fid, path }: Smb1Handle,
  maxData: number,
  control?: Control,
): Promise<Uint8Array> {
  const ask = async (informationLevel: number): Promise<Uint8Array> => {
    const parameters = Object.assign(new QueryFileInformationRequest(), { fid, informationLevel });
    const subcommand = Trans2Subcommand.QueryFileInformation;
    return (await caller.trans2({ subcommand, parameters, maxParameters: 2, maxData, path }, control)).data;
  };
  try {
    return await ask(PASS_THROUGH + FileInfoClass.FullEa);
  } catch (error) {
    if (errnoCode(error) !== 'ENOTSUP') throw error;
  }
  const { entries } = caller.unpacked(new FeaList(), await ask(QueryLevel.InfoQueryAllEas));
  return entries.length === 0 ? EMPTY : packed(Object.assign(new FileFullEaInformation(), { entries }));
}
