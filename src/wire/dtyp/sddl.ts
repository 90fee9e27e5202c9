import { Ace, isObjectAce, ObjectAceFlags } from './ace.js';
import { Acl } from './acl.js';
import { type Guid, NIL_GUID } from './guid.js';
import { aceFlagLetters, aceTypeLetters, domainSids, rightLetters, wellKnownSids, wholeRights } from './sddl-names.js';
import { SecurityControl, SecurityDescriptor } from './security-descriptor.js';
import { Sid } from './sid.js';

const { DaclProtected, DaclAutoInheritReq, DaclAutoInherited } = SecurityControl;
const { SaclProtected, SaclAutoInheritReq, SaclAutoInherited } = SecurityControl;
const NO_ACCESS_CONTROL = 'NO_ACCESS_CONTROL';
/** Object ACEs need an ACL of this revision. */
const OBJECT_REVISION = 4;

/** [MS-DTYP] 2.5.1 SDDL: a security descriptor as text, `O:BAG:BAD:P(A;OICI;FA;;;WD)`. */
export function formatSddl(descriptor: SecurityDescriptor): string {
  const { ownerSid, groupSid, dacl, sacl, control } = descriptor;
  let text = '';
  if (ownerSid) text += `O:${sidText(ownerSid)}`;
  if (groupSid) text += `G:${sidText(groupSid)}`;
  if (control & SecurityControl.DaclPresent) {
    text += `D:${listFlags(control, DaclProtected, DaclAutoInheritReq, DaclAutoInherited)}`;
    text += dacl ? dacl.aces.map(aceText).join('') : NO_ACCESS_CONTROL;
  }
  if (control & SecurityControl.SaclPresent) {
    text += `S:${listFlags(control, SaclProtected, SaclAutoInheritReq, SaclAutoInherited)}`;
    text += (sacl?.aces ?? []).map(aceText).join('');
  }
  return text;
}

function listFlags(control: number, isProtected: number, request: number, inherited: number): string {
  return `${control & isProtected ? 'P' : ''}${control & request ? 'AR' : ''}${control & inherited ? 'AI' : ''}`;
}

function sidText(sid: Sid): string {
  const text = sid.toString();
  for (const [letters, known] of Object.entries(wellKnownSids)) if (known === text) return letters;
  return text;
}

function aceText(ace: Ace): string {
  const type = Object.keys(aceTypeLetters).find((letters) => aceTypeLetters[letters] === ace.aceType);
  // Conditions and resource attributes have their own grammar, which is not supported.
  if (type === undefined || ace.applicationData.length > 0) {
    throw new RangeError(`an ACE of type ${ace.aceType} has no text here`);
  }
  const flags = Object.entries(aceFlagLetters).map(([letters, bit]) => (ace.aceFlags & bit ? letters : ''));
  const object = ace.flags & ObjectAceFlags.ObjectTypePresent ? ace.objectType : '';
  const inherited = ace.flags & ObjectAceFlags.InheritedObjectTypePresent ? ace.inheritedObjectType : '';
  return `(${[type, flags.join(''), maskText(ace.mask), object, inherited, sidText(ace.sid)].join(';')})`;
}

function maskText(mask: number): string {
  const bits = mask >>> 0;
  for (const [letters, known] of Object.entries(wholeRights)) if (known === bits) return letters;
  return bits === 0 ? '' : `0x${bits.toString(16)}`;
}

/**
 * Parses SDDL. Names relative to a domain (`DA`, `DU` …) need the domain's SID. Throws RangeError if it is invalid or
 * has conditions.
 */
export function parseSddl(text: string, domain?: Sid): SecurityDescriptor {
  const descriptor = new SecurityDescriptor();
  const seen = new Set<string>();
  for (const [name, part] of parts(text.trim())) {
    if (seen.has(name)) throw new RangeError(`two parts ${name}: in SDDL`);
    seen.add(name);
    if (name === 'O') descriptor.ownerSid = parseSid(part, domain);
    else if (name === 'G') descriptor.groupSid = parseSid(part, domain);
    else if (name === 'D') parseDacl(descriptor, part, domain);
    else parseSacl(descriptor, part, domain);
  }
  return descriptor;
}

/** The parts by letter: each starts with a letter and a colon outside parentheses. */
function* parts(text: string): Generator<[string, string], void, undefined> {
  const starts: number[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (depth === 0 && text[i] === ':') starts.push(i - 1);
  }
  if (text !== '' && starts[0] !== 0) throw new RangeError(`SDDL begins with O:, G:, D: or S:, not '${text}'`);
  for (const [index, start] of starts.entries()) {
    const name = text[start] as string;
    if (!'OGDS'.includes(name)) throw new RangeError(`no part ${name}: in SDDL`);
    yield [name, text.slice(start + 2, starts[index + 1] ?? text.length).trim()];
  }
}

function parseDacl(descriptor: SecurityDescriptor, text: string, domain: Sid | undefined): void {
  descriptor.control |= SecurityControl.DaclPresent;
  if (text.endsWith(NO_ACCESS_CONTROL)) {
    descriptor.control |= flagsOf(
      text.slice(0, -NO_ACCESS_CONTROL.length),
      DaclProtected,
      DaclAutoInheritReq,
      DaclAutoInherited,
    );
    return;
  }
  const { flags, acl } = parseList(text, domain);
  descriptor.control |= flagsOf(flags, DaclProtected, DaclAutoInheritReq, DaclAutoInherited);
  descriptor.dacl = acl;
}

function parseSacl(descriptor: SecurityDescriptor, text: string, domain: Sid | undefined): void {
  const { flags, acl } = parseList(text, domain);
  descriptor.control |=
    SecurityControl.SaclPresent | flagsOf(flags, SaclProtected, SaclAutoInheritReq, SaclAutoInherited);
  descriptor.sacl = acl;
}

function flagsOf(text: string, isProtected: number, request: number, inherited: number): number {
  const bits: Readonly<Record<string, number>> = { P: isProtected, AR: request, AI: inherited };
  return letters(text, bits, (known) => known.P !== undefined, 'flag of a list');
}

function parseList(text: string, domain: Sid | undefined): { flags: string; acl: Acl } {
  const open = text.indexOf('(');
  const flags = open < 0 ? text : text.slice(0, open);
  const acl = new Acl();
  let rest = open < 0 ? '' : text.slice(open);
  while (rest !== '') {
    const close = rest.indexOf(')');
    if (rest[0] !== '(' || close < 0) throw new RangeError(`an ACE stands in parentheses, not '${rest}'`);
    acl.aces.push(parseAce(rest.slice(1, close), domain));
    rest = rest.slice(close + 1).trimStart();
  }
  if (acl.aces.some(({ aceType }) => isObjectAce(aceType))) acl.aclRevision = OBJECT_REVISION;
  return { flags: flags.trim(), acl };
}

function parseAce(text: string, domain: Sid | undefined): Ace {
  const fields = text.split(';').map((field) => field.trim());
  const [type = '', flags = '', rights = '', object = '', inherited = '', sid = ''] = fields;
  const aceType = aceTypeLetters[type];
  if (fields.length !== 6 || aceType === undefined) throw new RangeError(`no ACE: (${text})`);
  const ace = Ace.of(
    aceType,
    parseSid(sid, domain),
    parseRights(rights),
    letters(flags, aceFlagLetters, undefined, 'flag of an ACE'),
  );
  if (object !== '' || inherited !== '') {
    if (!isObjectAce(aceType)) throw new RangeError(`only ACEs of objects name types: (${text})`);
    ace.objectType = guidOf(object);
    ace.inheritedObjectType = guidOf(inherited);
    ace.flags =
      (object === '' ? 0 : ObjectAceFlags.ObjectTypePresent) |
      (inherited === '' ? 0 : ObjectAceFlags.InheritedObjectTypePresent);
  }
  return ace;
}

function guidOf(text: string): Guid {
  if (text === '') return NIL_GUID;
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new RangeError(`no GUID: ${text}`);
  return text.toLowerCase();
}

function parseRights(text: string): number {
  if (/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return Number(text) >>> 0;
  return letters(text, rightLetters, undefined, 'right') >>> 0;
}

/** Parses a concatenation of letters into bits. */
function letters(
  text: string,
  bits: Readonly<Record<string, number>>,
  oneLetter: ((bits: Readonly<Record<string, number>>) => boolean) | undefined,
  what: string,
): number {
  let found = 0;
  for (let at = 0; at < text.length; ) {
    const two = bits[text.slice(at, at + 2)];
    const one = oneLetter?.(bits) ? bits[text[at] as string] : undefined;
    const bit = two ?? one;
    if (bit === undefined) throw new RangeError(`no ${what}: '${text.slice(at)}'`);
    found |= bit;
    at += two === undefined ? 1 : 2;
  }
  return found;
}

/** Parses a SID, or the two-letter name of one. */
export function parseSid(text: string, domain?: Sid): Sid {
  const known = wellKnownSids[text];
  if (known !== undefined) return Sid.parse(known);
  const rid = domainSids[text];
  if (rid === undefined) return Sid.parse(text);
  if (domain === undefined) throw new RangeError(`'${text}' is an account of a domain, whose SID is not known here`);
  return domain.child(rid);
}
