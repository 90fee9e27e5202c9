// viewer/index.d.ts
/** `sombrero/viewer`: the packet exchange for people and programs. */
export type { ConnectionFacts, FrameEvent, NoteEvent } from '#tap/events.js';
export { closings, frames, notes } from '#tap/events.js';
export { PcapngWriter } from '#tap/pcapng.js';
export type { FramesOptions } from '#tap/pcapng-frames.js';
export { capturedFrames } from '#tap/pcapng-frames.js';
export { Decryption } from './decryption.js';
export type { Facts, FactValue } from './facts.js';
export { exchangeHtml } from './html.js';
export type { JsonExchange, JsonMessage, JsonPacket } from './json.js';
export { exchangeJson, packetJson } from './json.js';
export type { Packet, RecorderOptions, ViewedConnection, ViewedMessage } from './model.js';
export { Recorder } from './model.js';
export type { LadderOptions } from './tty/ladder.js';
export { ladder, packetLines, wantsColour } from './tty/ladder.js';
export { sideBySide } from './tty/side-by-side.js';
export { printable } from './tty/text.js';
// tap/events.d.ts
/** Which connection an event belongs to. */
export interface ConnectionFacts {
    /** Counts up within the process. */
    readonly id: number;
    readonly role: 'client' | 'server';
    readonly framing: 'direct' | 'netbios';
    readonly local: string;
    readonly remote: string;
}
/** One frame as it went over the connection. */
export interface FrameEvent {
    readonly connection: ConnectionFacts;
    readonly direction: 'sent' | 'received';
    /** Milliseconds since 1970, with fractions. */
    readonly time: number;
    /** As on the wire, the 4-byte frame header included. */
    readonly frame: Uint8Array;
    /** The messages inside, when the frame was encrypted. */
    readonly plain: Uint8Array | undefined;
}
/** A connection is over. */
export interface ClosedEvent {
    readonly connection: ConnectionFacts;
    /** Milliseconds since 1970, with fractions. */
    readonly time: number;
}
/** Something a log wants to tell: sessions, refusals, faults. Never holds a secret. */
export interface NoteEvent {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly what: string;
    readonly connection: ConnectionFacts | undefined;
    readonly details: Readonly<Record<string, unknown>>;
}
interface Tap<E> {
    /** False when nobody listens: then nothing needs to be gathered. */
    readonly wanted: boolean;
    publish(event: E): void;
    /** Returns the function that ends the subscription. */
    subscribe(listener: (event: E) => void): () => void;
}
/** Every frame of every connection in this process (`sombrero:frame`). */
export declare const frames: Tap<FrameEvent>;
/** Connections that came to their end, with the time (`sombrero:closed`). */
export declare const closings: Tap<ClosedEvent>;
/** What a log tells (`sombrero:note`). */
export declare const notes: Tap<NoteEvent>;
/** Numbers a new connection. */
export declare function connectionFacts(facts: Omit<ConnectionFacts, 'id'>): ConnectionFacts;
export {};
// tap/pcapng.d.ts
import type { ConnectionFacts, FrameEvent } from './events.js';
/**
 * Frames as a pcapng file that Wireshark reads. The socket has taken IP and TCP away, so they are made up again: real
 * addresses, the client's port, sequence numbers that fit; the server's port becomes 445 or 139, by which Wireshark
 * knows SMB.
 */
export declare class PcapngWriter {
    #private;
    /** What a file begins with. */
    header(): Uint8Array;
    /** The packets of a frame; of a connection's first, the handshake too. */
    frame(event: FrameEvent): Uint8Array;
    /** The end of a connection; nothing if none of its frames was seen. */
    end(connection: ConnectionFacts, time: number): Uint8Array;
}
// tap/pcapng-frames.d.ts
import { type FrameEvent } from './events.js';
export interface FramesOptions {
    /** TCP ports of SMB servers besides 445 and 139. */
    readonly ports?: readonly number[];
}
/**
 * The SMB frames of a capture file (pcapng or pcap), in the order in which they were complete. TCP streams are put
 * together again: segments out of order wait, those sent twice count once, a gap that is never filled is skipped.
 */
export declare function capturedFrames(file: Uint8Array, options?: FramesOptions): FrameEvent[];
// viewer/decryption.d.ts
import type { FrameEvent } from '#tap/events.js';
/** Opens the encrypted frames of a capture with the password of those who logged on in it. */
export declare class Decryption {
    #private;
    /** Accounts that logged on with another password. */
    readonly strangers: Set<string>;
    constructor(password: string);
    /** The frame, with what is inside where the key is known. Frames come in the order of the capture. */
    open(event: FrameEvent): FrameEvent;
}
// viewer/facts.d.ts
import { type DissectedMessage } from '#wire/dissect.js';
export type FactValue = string | number | boolean | readonly string[];
/** What matters in a message, by short names: `dialect`, `challenge`, `path`, `fileId`, `offset`. */
export type Facts = Readonly<Record<string, FactValue>>;
/** What earlier messages of the connection told. */
export interface FactContext {
    /** The dialect strings of the SMB1 NEGOTIATE that is being answered. */
    readonly dialects: readonly string[];
}
/** The facts of a message. A refusal has none but its status. */
export declare function factsOf(message: DissectedMessage, context: FactContext): Facts;
// viewer/html.d.ts
import type { Packet, ViewedConnection } from './model.js';
/**
 * The exchange as one page that needs nothing else: choose a packet, see its fields, choose a field, see its bytes. The
 * ladder itself can be read without scripts.
 */
export declare function exchangeHtml(exchange: {
    readonly packets: readonly Packet[];
    readonly connections: readonly ViewedConnection[];
}): string;
/** Text for an element or an attribute. */
export declare function escaped(text: string): string;
/** JSON inside of a script element: no character that could end it. */
export declare function embedded(value: unknown): string;
// viewer/json.d.ts
import { type JsonField } from '#wire/dissect.js';
import type { Facts } from './facts.js';
import type { Packet, ViewedConnection } from './model.js';
export interface JsonMessage {
    readonly protocol: string;
    readonly name: string;
    readonly kind: 'request' | 'response' | null;
    readonly step: number | null;
    readonly status: string | null;
    readonly refused: boolean;
    readonly latencyMs: number | null;
    readonly facts: Facts;
    readonly malformed: string | null;
    readonly fields: readonly JsonField[];
}
export interface JsonPacket {
    readonly number: number;
    readonly connection: number;
    readonly timeMs: number;
    readonly direction: 'client→server' | 'server→client';
    /** Of all its messages, joined by ' + '. */
    readonly name: string;
    /** Of its first message that has one. */
    readonly step: number | null;
    readonly status: string | null;
    readonly latencyMs: number | null;
    readonly bytes: number;
    readonly encrypted: boolean;
    readonly malformed: string | null;
    /** All bytes as hex; `plainHex` what was inside when it was encrypted: fields of messages count from there then. */
    readonly hex: string;
    readonly plainHex: string | null;
    readonly frameFields: readonly JsonField[];
    readonly messages: readonly JsonMessage[];
}
export interface JsonExchange {
    readonly connections: readonly ViewedConnection[];
    readonly packets: readonly JsonPacket[];
}
/** The exchange for `JSON.stringify`: every field with its place. */
export declare function exchangeJson(exchange: {
    readonly packets: readonly Packet[];
    readonly connections: readonly ViewedConnection[];
}): JsonExchange;
/** One packet. */
export declare function packetJson(packet: Packet): JsonPacket;
// viewer/model.d.ts
import { type FrameEvent } from '#tap/events.js';
import { type DissectedMessage } from '#wire/dissect.js';
import type { Field } from '#wire/io/dissector.js';
import { type Facts } from './facts.js';
/** One message of a packet, explained. */
export interface ViewedMessage {
    readonly protocol: DissectedMessage['protocol'] | 'NBSS';
    readonly name: string;
    readonly kind: 'request' | 'response' | undefined;
    /** Its number in the packet exchange that the ladder is about; undefined for other messages. */
    readonly step: number | undefined;
    /** NT status by name; undefined for requests. */
    readonly status: string | undefined;
    /** The status is an error. */
    readonly refused: boolean;
    /** Milliseconds since the request, for a response whose request was seen. */
    readonly latencyMs: number | undefined;
    readonly facts: Facts;
    readonly fields: readonly Field[];
    readonly malformed: string | undefined;
}
/** One frame of a connection. */
export interface Packet {
    /** Counts from 1. */
    readonly number: number;
    /** Which connection, counted from 1. */
    readonly connection: number;
    /** Milliseconds since the first packet. */
    readonly timeMs: number;
    readonly from: 'client' | 'server';
    /** Bytes on the wire, the frame header included. */
    readonly bytes: number;
    readonly encrypted: boolean;
    readonly frame: Uint8Array;
    /** What was inside when it was encrypted; fields of its messages count from here then. */
    readonly plain: Uint8Array | undefined;
    /** The frame header, and the wrapping of an encrypted frame: places count from the start of `frame`. */
    readonly frameFields: readonly Field[];
    readonly messages: readonly ViewedMessage[];
    readonly malformed: string | undefined;
}
/** A connection whose packets were recorded. */
export interface ViewedConnection {
    readonly number: number;
    readonly client: string;
    readonly server: string;
    readonly framing: 'direct' | 'netbios';
    /** As agreed, `NT LM 0.12` or `3.1.1`; undefined before. */
    readonly dialect: string | undefined;
}
export interface RecorderOptions {
    /** Which ends to listen to: in a process that is both, each frame is told twice. Both when absent. */
    readonly role?: 'client' | 'server';
    /** Packets kept; further ones are only told to `onPacket`. 100 000 when absent. */
    readonly limit?: number;
    readonly onPacket?: (packet: Packet) => void;
}
/** Turns what the tap tells into packets for people: pairs responses with requests, follows what was negotiated. */
export declare class Recorder {
    #private;
    readonly packets: Packet[];
    constructor(options?: RecorderOptions);
    /** Listens to all connections of this process from now on. */
    start(): this;
    stop(): void;
    get connections(): ViewedConnection[];
    /** Takes one frame. */
    add(event: FrameEvent): Packet;
}
// viewer/tty/ladder.d.ts
import type { Packet, ViewedConnection } from '../model.js';
export interface LadderOptions {
    /** Colours for a terminal; see `wantsColour`. */
    readonly colour?: boolean;
    /** Columns; 100 when absent. */
    readonly width?: number;
}
/** Whether to colour: a terminal, and nobody has said NO_COLOR. */
export declare function wantsColour(stream: {
    readonly isTTY?: boolean | undefined;
}, env: Readonly<Record<string, string | undefined>>): boolean;
/** The whole exchange as text: who spoke with whom, each packet, and a summary. */
export declare function ladder(exchange: {
    readonly packets: readonly Packet[];
    readonly connections: readonly ViewedConnection[];
}, options?: LadderOptions): string;
/** The lines of one packet. */
export declare function packetLines(packet: Packet, several: boolean, options?: LadderOptions): string[];
// viewer/tty/side-by-side.d.ts
import type { Packet } from '../model.js';
export interface Column {
    readonly title: string;
    readonly packets: readonly Packet[];
}
/** Exchanges next to each other: what one dialect does in a step, and what another does. */
export declare function sideBySide(columns: readonly Column[], options?: {
    colour?: boolean;
    width?: number;
}): string;
// viewer/tty/text.d.ts
import type { Facts } from '../facts.js';
/** What a peer sent must not steer the terminal: control characters become visible. */
export declare function printable(text: string): string;
/** `dialect 3.1.1`, `max buffer 65535`. */
export declare function factTexts(facts: Facts): string[];
/** Texts joined by dots and broken between them, or inside of one that is too long by itself. */
export declare function wrapped(parts: readonly string[], width: number): string[];
