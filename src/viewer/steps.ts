import type { Dissection } from '#wire/dissect.js';
import { findField } from '#wire/dissect.js';
import type { Facts } from './facts.js';

/**
 * Step numbers of the basic packet exchange: negotiate 1 and 2, session setup 3 (both ways), tree connect 4 and 5,
 * open 6 and 7, read 8 and 9.
 */
const STEPS: Readonly<Record<string, readonly [request: number, response: number]>> = {
  SMB_COM_NEGOTIATE: [1, 2],
  SMB_COM_SESSION_SETUP_ANDX: [3, 3],
  SMB_COM_TREE_CONNECT_ANDX: [4, 5],
  SMB_COM_OPEN_ANDX: [6, 7],
  SMB_COM_NT_CREATE_ANDX: [6, 7],
  SMB_COM_READ_ANDX: [8, 9],
  NEGOTIATE: [1, 2],
  SESSION_SETUP: [3, 3],
  TREE_CONNECT: [4, 5],
  CREATE: [6, 7],
  READ: [8, 9],
};

/** The step number of a message; for a chain, that of its first command. */
export function stepOf(name: string, direction: 'request' | 'response' | undefined): number | undefined {
  const pair = STEPS[name.split(' + ')[0] as string];
  if (!pair || direction === undefined) return undefined;
  return direction === 'request' ? pair[0] : pair[1];
}

interface FrameTitle {
  readonly title: string;
  readonly facts: Facts;
  readonly kind: 'request' | 'response' | undefined;
  readonly refused: boolean;
}

const TITLES: Readonly<Record<number, readonly [string, FrameTitle['kind']]>> = {
  0: ['EMPTY MESSAGE', undefined],
  129: ['SESSION REQUEST', 'request'],
  130: ['POSITIVE SESSION RESPONSE', 'response'],
  131: ['NEGATIVE SESSION RESPONSE', 'response'],
  132: ['RETARGET SESSION RESPONSE', 'response'],
  133: ['SESSION KEEPALIVE', undefined],
};

/** The RFC 1002 name of a session-service packet, and its content. */
export function frameTitle({ name, type, fields }: Dissection): FrameTitle {
  const [title, kind] = TITLES[type] ?? [name, undefined];
  const names = /^SESSION_REQUEST (.*) -> (.*)$/.exec(name);
  const reason = findField(fields, 'ERROR_CODE')?.text;
  return {
    title,
    kind,
    refused: type === 131,
    facts: {
      ...(names ? { calling: names[1] as string, called: names[2] as string } : {}),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}
