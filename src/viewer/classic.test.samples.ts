import type { ConnectionFacts, FrameEvent } from '#tap/events.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { NetbiosName, NetbiosSuffix } from '#wire/netbios/netbios-name.js';
import { SessionHeader, SessionPacketType } from '#wire/netbios/session-packet.js';
import { SessionRequest } from '#wire/netbios/session-request.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import { NegotiateRequest, NegotiateResponse } from '#wire/smb1/command/negotiate.js';
import { OpenAndXRequest, OpenAndXResponse } from '#wire/smb1/command/open-andx.js';
import { ReadAndXRequest, ReadAndXResponse } from '#wire/smb1/command/read-andx.js';
import { SessionSetupAndXRequest, SessionSetupAndXResponse } from '#wire/smb1/command/session-setup-andx.js';
import { TreeConnectAndXRequest, TreeConnectAndXResponse } from '#wire/smb1/command/tree-connect-andx.js';
import { Smb1Flags2, Smb1Header } from '#wire/smb1/header.js';
import { encodeChain, Smb1Message } from '#wire/smb1/message.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';

export const CONNECTION: ConnectionFacts = {
  id: 1,
  role: 'client',
  framing: 'netbios',
  local: '127.0.0.1:50123',
  remote: '127.0.0.1:139',
};

/** A session packet: header and body. */
export function packet(type: number, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const header = new SessionHeader();
  header.type = type;
  header.length = body.length;
  const frame = new Uint8Array(4 + body.length);
  frame.set(new Encoder().encode(header));
  frame.set(body, 4);
  return frame;
}

/** An event of the tap, `ms` after the first. */
export function event(
  from: 'client' | 'server',
  ms: number,
  frame: Uint8Array,
  connection: ConnectionFacts = CONNECTION,
): FrameEvent {
  const direction = from === connection.role ? 'sent' : 'received';
  return { connection, direction, time: 1_700_000_000_000 + ms, frame, plain: undefined };
}

function make<T>(value: T, fields: Partial<T>): T {
  return Object.assign(value as object, fields) as T;
}

let mid = 0;

function header(command: number, ids: { uid?: number; tid?: number } = {}): Smb1Header {
  mid++;
  const flags2 = Smb1Flags2.Unicode | Smb1Flags2.NtStatus | Smb1Flags2.LongNames;
  return make(new Smb1Header(), { command, flags2, mid, ...ids });
}

function message(head: Smb1Header, body: Wire): Uint8Array {
  return packet(SessionPacketType.Message, encodeChain(Smb1Message.of(head, body)));
}

/** A request and its response; with an error status the response is empty. */
function pair(head: Smb1Header, request: Wire, response: Wire, status: number = NtStatus.Success): Uint8Array[] {
  const answer = make(head.reply(status), { uid: head.uid || 2048, tid: head.tid || 7 });
  return [message(head, request), message(answer, status === NtStatus.Success ? response : new EmptyBlock())];
}

/** The classic exchange: a NetBIOS session, negotiate, session setup, tree connect, open, read. 1 ms from packet to packet. */
export function classicExchange(options: { openStatus?: number } = {}): FrameEvent[] {
  mid = 0;
  const request = make(new SessionRequest(), {
    calledName: NetbiosName.of('*SMBSERVER', NetbiosSuffix.Server),
    callingName: NetbiosName.of('DESK', NetbiosSuffix.Workstation),
  });
  const ids = { uid: 2048, tid: 7 };
  const frames = [
    packet(SessionPacketType.Request, new Encoder().encode(request).slice()),
    packet(SessionPacketType.PositiveResponse),
    ...pair(
      header(Smb1Command.Negotiate),
      make(new NegotiateRequest(), { dialects: ['PC NETWORK PROGRAM 1.0', 'NT LM 0.12'] }),
      make(new NegotiateResponse(), {
        dialectIndex: 1,
        securityMode: 3,
        capabilities: 4,
        challenge: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
        domainName: 'WORKGROUP',
        serverName: 'NAS',
      }),
    ),
    ...pair(
      header(Smb1Command.SessionSetupAndX),
      make(new SessionSetupAndXRequest(), {
        accountName: 'ann',
        primaryDomain: 'WORKGROUP',
        unicodePassword: new Uint8Array(24).fill(0xaa),
      }),
      new SessionSetupAndXResponse(),
    ),
    ...pair(
      header(Smb1Command.TreeConnectAndX, { uid: 2048 }),
      make(new TreeConnectAndXRequest(), { path: '\\\\NAS\\DOCS', password: new Uint8Array(1) }),
      make(new TreeConnectAndXResponse(), { nativeFileSystem: 'NTFS' }),
    ),
    ...pair(
      header(Smb1Command.OpenAndX, ids),
      make(new OpenAndXRequest(), { fileName: '\\a<b>.txt', openMode: 1 }),
      make(new OpenAndXResponse(), { fid: 16385, fileDataSize: 5 }),
      options.openStatus,
    ),
    ...pair(
      header(Smb1Command.ReadAndX, ids),
      make(new ReadAndXRequest(), { fid: 16385, offset: 2, maxCountOfBytesToReturn: 100 }),
      make(new ReadAndXResponse(), { data: new TextEncoder().encode('hello') }),
    ),
  ];
  return frames.map((frame, index) => event(index % 2 === 0 ? 'client' : 'server', index, frame));
}
