import { type DissectedMessage, findField, findFields, hexOf } from '#wire/dissect.js';
import { fileAccessNames } from '#wire/dtyp/access-mask.js';
import type { Field } from '#wire/io/dissector.js';
import { flagText } from '#wire/io/names.js';
import { dialectNames } from '#wire/smb2/dialect.js';
import { cipherNames } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { signingAlgorithmNames } from '#wire/smb2/negotiate-context/signing-capabilities.js';

export type FactValue = string | number | boolean | readonly string[];

/** The key facts of a message, by short names: `dialect`, `challenge`, `path`, `fileId`, `offset`. */
export type Facts = Readonly<Record<string, FactValue>>;

/** Context from earlier messages of the connection. */
export interface FactContext {
  /** The dialect strings of the SMB1 NEGOTIATE request being answered. */
  readonly dialects: readonly string[];
}

/** Gathers facts, leaving out those that a message does not have. */
class Gatherer {
  readonly facts: Record<string, FactValue> = {};
  readonly message: DissectedMessage;
  readonly #fields: readonly Field[];

  constructor(message: DissectedMessage) {
    this.message = message;
    // Skips the header, which is handled separately, so that its field names are not mistaken for the body's.
    this.#fields = message.fields.slice(1);
  }

  field(name: string): Field | undefined {
    return findField(this.#fields, name);
  }
  all(name: string): Field[] {
    return findFields(this.#fields, name);
  }
  number(name: string): number | undefined {
    const value = this.field(name)?.value;
    return typeof value === 'number' ? value : undefined;
  }
  put(key: string, value: FactValue | undefined): this {
    if (value !== undefined && value !== '') this.facts[key] = value;
    return this;
  }
  text(key: string, name: string): this {
    return this.put(key, this.field(name)?.text);
  }
  value(key: string, name: string): this {
    return this.put(key, this.number(name));
  }
  bytes(key: string, name: string): this {
    const value = this.field(name)?.value;
    return value instanceof Uint8Array && value.length > 0 ? this.put(key, hexOf(value)) : this;
  }
  codes(key: string, name: string, names: Readonly<Record<number, string>>): this {
    const value = this.field(name)?.value;
    if (!Array.isArray(value)) return this;
    const list = value.map((code: number) => names[code] ?? `0x${code.toString(16).padStart(4, '0')}`);
    return this.put(key, list.length === 1 ? (list[0] as string) : list);
  }
  access(key: string, name: string): this {
    const value = this.number(name);
    return value === undefined ? this : this.put(key, accessText(value));
  }
  uid(): this {
    return this.put('uid', Number(this.message.header?.sessionId ?? 0n));
  }
  /** Size of a payload and, if it is text, its beginning. */
  payload(name: string): this {
    const field = this.field(name);
    this.put('bytes', field?.size ?? 0);
    return this.put('data', field?.value instanceof Uint8Array ? preview(field.value) : undefined);
  }
}

/** Named sets of access rights, widest first ([MS-DTYP] 2.4.3, [MS-SMB2] 2.2.13.1). */
const ACCESS_SETS: readonly (readonly [number, string])[] = [
  [0x001f01ff, 'FILE_ALL_ACCESS'],
  [0x00120116, 'FILE_GENERIC_WRITE'],
  [0x00120089, 'FILE_GENERIC_READ'],
  [0x001200a0, 'FILE_GENERIC_EXECUTE'],
];

function accessText(value: number): string {
  const names: string[] = [];
  let rest = value;
  for (const [set, name] of ACCESS_SETS) {
    if ((value & set) !== set || (rest & set) === 0) continue;
    names.push(name);
    rest &= ~set;
  }
  if (rest !== 0 || names.length === 0) names.push(flagText(rest, fileAccessNames));
  return names.join('|');
}

const PREVIEW = 40;

function preview(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, PREVIEW);
  if (
    start.length === 0 ||
    start.some((byte) => (byte < 0x20 && byte !== 10 && byte !== 13 && byte !== 9) || byte > 0x7e)
  )
    return undefined;
  return `${JSON.stringify(String.fromCharCode(...start))}${bytes.length > PREVIEW ? '…' : ''}`;
}

type Teller = (g: Gatherer, context: FactContext) => unknown;

const NTLM_MESSAGES: Readonly<Record<number, string>> = { 1: 'NEGOTIATE', 2: 'CHALLENGE', 3: 'AUTHENTICATE' };

/** Facts of a session setup's security token: the NTLM message, who logs on, the server's challenge. */
function token(g: Gatherer): void {
  const type = g.number('MessageType');
  g.put('ntlmssp', type === undefined ? undefined : NTLM_MESSAGES[type]);
  if (type === 2) g.bytes('challenge', 'ServerChallenge').text('target', 'TargetName');
  if (type === 3) {
    g.text('account', 'UserName').text('domain', 'DomainName').text('workstation', 'Workstation');
    g.put('response', responseKind(g.field('NtChallengeResponse')?.size ?? 0));
    if (!('account' in g.facts)) g.put('account', 'anonymous');
  }
  const mechanism = g.all('MechType[0]')[0]?.text.replace(/ \(.*/, '');
  if (type === undefined) g.put('mechanism', mechanism);
  g.text('negState', 'negState');
}

function responseKind(size: number): string | undefined {
  if (size === 0) return undefined;
  return size > 24 ? 'NTLMv2' : 'NTLMv1';
}

const SMB1_ACCESS = ['read', 'write', 'read-write', 'execute'];

const smb1Requests: Readonly<Record<string, Teller>> = {
  NEGOTIATE: (g) =>
    g.put(
      'dialects',
      g.all('DialectString').map(({ text }) => text),
    ),
  SESSION_SETUP_ANDX: (g) => {
    token(g);
    if (g.number('UnicodePasswordLen') !== undefined || g.field('AccountName')) {
      const account = g.field('AccountName')?.text;
      g.put('account', account === '' ? 'anonymous' : account).text('domain', 'PrimaryDomain');
      g.put('response', responseKind(g.field('UnicodePassword')?.size ?? g.field('OEMPassword')?.size ?? 0));
    }
    capabilities(g);
  },
  TREE_CONNECT_ANDX: (g) => g.text('path', 'Path').text('service', 'Service'),
  OPEN_ANDX: (g) => {
    const mode = g.number('AccessMode');
    g.text('name', 'FileName').put('access', mode === undefined ? undefined : SMB1_ACCESS[mode & 3]);
    const open = g.number('OpenMode');
    g.put('disposition', open === undefined ? undefined : openMode(open));
  },
  NT_CREATE_ANDX: (g) => {
    g.text('name', 'FileName').text('disposition', 'CreateDisposition');
    g.access('access', 'DesiredAccess');
  },
  READ_ANDX: (g) => {
    const high = g.number('OffsetHigh') ?? 0;
    const more = g.number('Timeout_or_MaxCountHigh') ?? 0;
    g.value('fid', 'FID').put('offset', high * 4294967296 + (g.number('Offset') ?? 0));
    const length = g.number('MaxCountOfBytesToReturn') ?? 0;
    g.put('length', more === 0xffffffff ? length : (more & 0xffff) * 65536 + length);
  },
  WRITE_ANDX: (g) => {
    const high = g.number('OffsetHigh') ?? 0;
    g.value('fid', 'FID').put('offset', high * 4294967296 + (g.number('Offset') ?? 0));
    g.payload('Data');
  },
};

const smb1Responses: Readonly<Record<string, Teller>> = {
  NEGOTIATE: (g, { dialects }) => {
    const index = g.number('DialectIndex');
    if (index !== undefined) g.put('dialect', index === 0xffff ? 'none' : (dialects[index] ?? `no. ${index}`));
    g.bytes('challenge', 'Challenge');
    token(g);
    const mode = g.number('SecurityMode');
    if (mode !== undefined) {
      g.put('security', mode & 1 ? 'user level' : 'share level');
      g.put('signing', mode & 8 ? 'required' : mode & 4 ? 'enabled' : 'off');
    }
    capabilities(g);
    g.value('maxBuffer', 'MaxBufferSize').text('domain', 'DomainName').text('server', 'ServerName');
  },
  SESSION_SETUP_ANDX: (g) => {
    g.uid();
    token(g);
    const action = g.number('Action') ?? 0;
    if (action & 1) g.put('guest', true);
  },
  TREE_CONNECT_ANDX: (g) =>
    g.put('tid', g.message.header?.treeId).text('service', 'Service').text('fileSystem', 'NativeFileSystem'),
  OPEN_ANDX: (g) => g.value('fid', 'FID').value('size', 'FileDataSize'),
  NT_CREATE_ANDX: (g) => g.value('fid', 'FID').value('size', 'EndOfFile').text('action', 'CreateDisposition'),
  READ_ANDX: (g) => g.payload('Data'),
  WRITE_ANDX: (g) => g.value('bytes', 'Count'),
};

function openMode(mode: number): string {
  const exists = ['fail if it exists', 'open', 'truncate'][mode & 3] ?? '?';
  return mode & 0x10 ? `${exists}, else create` : exists;
}

function capabilities(g: Gatherer): void {
  const value = g.number('Capabilities');
  if (value !== undefined) g.put('capabilities', `0x${value.toString(16).padStart(8, '0')}`);
}

function signingOf(mode: number | undefined): string | undefined {
  if (mode === undefined) return undefined;
  return mode & 2 ? 'required' : mode & 1 ? 'enabled' : 'off';
}

/** Facts of the negotiate contexts of 3.1.1: what is offered or chosen. */
function contexts(g: Gatherer): void {
  g.codes('cipher', 'Ciphers', cipherNames);
  g.codes('signingAlgorithm', 'SigningAlgorithms', signingAlgorithmNames);
  if (g.field('HashAlgorithms')) g.put('preauth', 'SHA-512');
}

const smb2Requests: Readonly<Record<string, Teller>> = {
  NEGOTIATE: (g) => {
    g.codes('dialects', 'Dialects', dialectNames).put('signing', signingOf(g.number('SecurityMode')));
    contexts(g);
  },
  SESSION_SETUP: (g) => token(g),
  TREE_CONNECT: (g) => g.text('path', g.field('PathName') ? 'PathName' : 'Buffer'),
  CREATE: (g) =>
    g
      .put('name', g.field('Name')?.text || '(the share itself)')
      .access('access', 'DesiredAccess')
      .text('disposition', 'CreateDisposition'),
  READ: (g) => g.text('fileId', 'FileId').value('offset', 'Offset').value('length', 'Length'),
  WRITE: (g) => g.text('fileId', 'FileId').value('offset', 'Offset').payload('Data'),
  QUERY_DIRECTORY: (g) => g.text('fileId', 'FileId').text('pattern', 'FileName').text('class', 'FileInformationClass'),
  QUERY_INFO: (g) => g.text('fileId', 'FileId').text('type', 'InfoType').text('class', 'FileInfoClass'),
  SET_INFO: (g) => g.text('fileId', 'FileId').text('type', 'InfoType').text('class', 'FileInfoClass'),
  IOCTL: (g) => g.text('code', 'CtlCode').text('fileId', 'FileId').payload('Input'),
  CHANGE_NOTIFY: (g) => g.text('fileId', 'FileId').text('filter', 'CompletionFilter').text('flags', 'Flags'),
};

const smb2Responses: Readonly<Record<string, Teller>> = {
  NEGOTIATE: (g) => {
    g.text('dialect', 'DialectRevision').put('signing', signingOf(g.number('SecurityMode')));
    contexts(g);
    g.value('maxRead', 'MaxReadSize');
  },
  SESSION_SETUP: (g) => {
    g.put('sessionId', `0x${(g.message.header?.sessionId ?? 0n).toString(16)}`);
    token(g);
    const flags = g.number('SessionFlags');
    if (flags) g.text('flags', 'SessionFlags');
  },
  TREE_CONNECT: (g) =>
    g.put('treeId', g.message.header?.treeId).text('type', 'ShareType').access('maximalAccess', 'MaximalAccess'),
  CREATE: (g) => g.text('fileId', 'FileId').value('size', 'EndofFile').text('action', 'CreateAction'),
  READ: (g) => g.payload('Data'),
  WRITE: (g) => g.value('bytes', 'Count'),
  QUERY_DIRECTORY: (g) => g.put('bytes', g.field('Output')?.size ?? 0),
  QUERY_INFO: (g) => g.put('bytes', g.field('Output')?.size ?? 0),
  IOCTL: (g) => g.text('code', 'CtlCode').payload('Output'),
  CHANGE_NOTIFY: (g) => g.put('bytes', g.field('Output')?.size ?? 0),
};

/** Fields to show for requests without a function of their own. */
const GENERIC: readonly (readonly [key: string, field: string])[] = [
  ['fid', 'FID'],
  ['fileId', 'FileId'],
  ['name', 'FileName'],
  ['oldName', 'OldFileName'],
  ['newName', 'NewFileName'],
  ['directory', 'DirectoryName'],
  ['offset', 'Offset'],
  ['count', 'Count'],
];

function generic(g: Gatherer): void {
  if (g.message.direction === 'response') return;
  for (const [key, name] of GENERIC) g.text(key, name);
}

/** The facts of a message. A refusal has only its status. */
export function factsOf(message: DissectedMessage, context: FactContext): Facts {
  const g = new Gatherer(message);
  const { protocol, direction, name, header } = message;
  const status = header?.status ?? 0;
  const refused = direction === 'response' && status >>> 30 === 3 && !/SESSION_SETUP/.test(name);
  if (protocol === 'UNKNOWN' || direction === undefined || refused) return g.facts;
  if (protocol === 'SMB2') {
    const teller = (direction === 'request' ? smb2Requests : smb2Responses)[name];
    (teller ?? generic)(g, context);
    return g.facts;
  }
  const tellers = direction === 'request' ? smb1Requests : smb1Responses;
  for (const part of name.split(' + ')) (tellers[part.replace('SMB_COM_', '')] ?? generic)(g, context);
  return g.facts;
}
