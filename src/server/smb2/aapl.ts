import { isWritable } from '#fs/backend.js';
import type { Wire } from '#wire/io/layout.js';
import {
  AaplCommand,
  AaplQuery,
  AaplVolumeCapabilities,
  CreateAaplRequest,
  CreateAaplResponse,
} from '#wire/smb2/create-context/aapl.js';
import type { Created } from '../action/create.js';

const KNOWN = AaplQuery.ServerCapabilities | AaplQuery.VolumeCapabilities | AaplQuery.ModelInfo;
const MODEL = 'sombrero';

/**
 * Answers the macOS server query: no Apple extensions are supported, except that FLUSH reaches stable storage. Commands
 * other than the query are ignored.
 */
export function answerAapl({ open }: Created, asked: Wire): Wire | undefined {
  if (!(asked instanceof CreateAaplRequest) || asked.commandCode !== AaplCommand.ServerQuery) return undefined;
  const response = new CreateAaplResponse();
  response.replyBitmap = asked.requestBitmap & KNOWN;
  response.volumeCapabilities = isWritable(open.backend) ? AaplVolumeCapabilities.FullSync : 0;
  response.modelString = MODEL;
  return response;
}
