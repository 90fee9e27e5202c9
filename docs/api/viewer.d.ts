// viewer/index.d.ts
/** `sombrero/viewer`: shows the packet exchange to people and programs. */
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
/** The connection that an event belongs to. */
export interface ConnectionFacts {
    /** Unique within the process, ascending. */
    readonly id: number;
    readonly role: 'client' | 'server';
    readonly framing: 'direct' | 'netbios';
    readonly local: string;
    readonly remote: string;
}
/** One frame as sent or received. */
export interface FrameEvent {
    readonly connection: ConnectionFacts;
    readonly direction: 'sent' | 'received';
    /** Milliseconds since 1970, with fractions. */
    readonly time: number;
    /** As on the wire, including the 4-byte frame header. */
    readonly frame: Uint8Array;
    /** The decrypted messages, if the frame was encrypted. */
    readonly plain: Uint8Array | undefined;
}
/** A connection has closed. */
export interface ClosedEvent {
    readonly connection: ConnectionFacts;
    /** Milliseconds since 1970, with fractions. */
    readonly time: number;
}
/** An event for logs: sessions, refusals, errors. Never contains secrets. */
export interface NoteEvent {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly what: string;
    readonly connection: ConnectionFacts | undefined;
    readonly details: Readonly<Record<string, unknown>>;
}
interface Tap<E> {
    /** False if nobody listens, so that no event needs to be built. */
    readonly wanted: boolean;
    publish(event: E): void;
    /** Returns the function that ends the subscription. */
    subscribe(listener: (event: E) => void): () => void;
}
/** Every frame of every connection in this process (`sombrero:frame`). */
export declare const frames: Tap<FrameEvent>;
/** Connections that have closed, with the time (`sombrero:closed`). */
export declare const closings: Tap<ClosedEvent>;
/** Log events (`sombrero:note`). */
export declare const notes: Tap<NoteEvent>;
/** Assigns a new connection its id. */
export declare function connectionFacts(facts: Omit<ConnectionFacts, 'id'>): ConnectionFacts;
export {};
// tap/pcapng.d.ts
import type { ConnectionFacts, FrameEvent } from './events.js';
/**
 * Writes frames as a pcapng file for Wireshark. IP and TCP headers are not available from a socket, so they are made
 * up: real addresses, the client's port, consistent sequence numbers; the server's port becomes 445 or 139, by which
 * Wireshark recognizes SMB.
 */
export declare class PcapngWriter {
    #private;
    /** The header of the file. */
    header(): Uint8Array;
    /** The packets of a frame, preceded by the TCP handshake for a connection's first frame. */
    frame(event: FrameEvent): Uint8Array;
    /** The packets that end a connection; none if it had no frames. */
    end(connection: ConnectionFacts, time: number): Uint8Array;
}
// tap/pcapng-frames.d.ts
import { type FrameEvent } from './events.js';
export interface FramesOptions {
    /** TCP ports of SMB servers besides 445 and 139. */
    readonly ports?: readonly number[];
}
/**
 * The SMB frames of a capture file (pcapng or pcap), in the order in which they were completed. TCP streams are
 * reassembled: out-of-order segments wait, retransmissions count once, a gap that is never filled is skipped.
 */
export declare function capturedFrames(file: Uint8Array, options?: FramesOptions): FrameEvent[];
// viewer/decryption.d.ts
import type { FrameEvent } from '#tap/events.js';
/** Decrypts the frames of a capture, given the password of the users who logged on in it. */
export declare class Decryption {
    #private;
    /** Accounts that logged on with a different password. */
    readonly strangers: Set<string>;
    constructor(password: string);
    /** The frame, with its plaintext if the key is known. Call it for frames in the order of the capture. */
    open(event: FrameEvent): FrameEvent;
}
// viewer/facts.d.ts
import { type DissectedMessage } from '#wire/dissect.js';
export type FactValue = string | number | boolean | readonly string[];
/** The key facts of a message, by short names: `dialect`, `challenge`, `path`, `fileId`, `offset`. */
export type Facts = Readonly<Record<string, FactValue>>;
/** Context from earlier messages of the connection. */
export interface FactContext {
    /** The dialect strings of the SMB1 NEGOTIATE request being answered. */
    readonly dialects: readonly string[];
}
/** The facts of a message. A refusal has only its status. */
export declare function factsOf(message: DissectedMessage, context: FactContext): Facts;
// viewer/html.d.ts
import type { Packet, ViewedConnection } from './model.js';
/**
 * The exchange as a self-contained page: select a packet to see its fields, and a field to see its bytes. The ladder
 * itself can be read without scripts.
 */
export declare function exchangeHtml(exchange: {
    readonly packets: readonly Packet[];
    readonly connections: readonly ViewedConnection[];
}): string;
/** Escapes text for an element or attribute. */
export declare function escaped(text: string): string;
/** JSON for a script element, without characters that could end it. */
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
    /** Names of all its messages, joined by ' + '. */
    readonly name: string;
    /** Step of the first message that has one. */
    readonly step: number | null;
    readonly status: string | null;
    readonly latencyMs: number | null;
    readonly bytes: number;
    readonly encrypted: boolean;
    readonly malformed: string | null;
    /** All bytes as hex. `plainHex`: plaintext of an encrypted frame; its messages' field positions refer to that. */
    readonly hex: string;
    readonly plainHex: string | null;
    readonly frameFields: readonly JsonField[];
    readonly messages: readonly JsonMessage[];
}
export interface JsonExchange {
    readonly connections: readonly ViewedConnection[];
    readonly packets: readonly JsonPacket[];
}
/** The exchange for `JSON.stringify`: every field with its position. */
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
    /** Its step number in the basic packet exchange (see `stepOf`); undefined for other messages. */
    readonly step: number | undefined;
    /** NT status by name; undefined for requests. */
    readonly status: string | undefined;
    /** The status is an error. */
    readonly refused: boolean;
    /** Milliseconds since the request, if this is a response and its request was seen. */
    readonly latencyMs: number | undefined;
    readonly facts: Facts;
    readonly fields: readonly Field[];
    readonly malformed: string | undefined;
}
/** One frame of a connection. */
export interface Packet {
    /** Counts from 1. */
    readonly number: number;
    /** Number of the connection, counted from 1. */
    readonly connection: number;
    /** Milliseconds since the first packet. */
    readonly timeMs: number;
    readonly from: 'client' | 'server';
    /** Bytes on the wire, including the frame header. */
    readonly bytes: number;
    readonly encrypted: boolean;
    readonly frame: Uint8Array;
    /** Plaintext of an encrypted frame; positions of its messages' fields then refer to it. */
    readonly plain: Uint8Array | undefined;
    /** The frame header, and the wrapper of an encrypted frame; positions count from the start of `frame`. */
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
    /** As negotiated, `NT LM 0.12` or `3.1.1`; undefined until then. */
    readonly dialect: string | undefined;
}
export interface RecorderOptions {
    /** Which role to record: a process with both client and server reports each frame twice. Default: both. */
    readonly role?: 'client' | 'server';
    /** Packets kept; further ones only go to `onPacket`. Default 100 000. */
    readonly limit?: number;
    readonly onPacket?: (packet: Packet) => void;
}
/** Turns tap events into readable packets: pairs responses with requests and follows the negotiation. */
export declare class Recorder {
    #private;
    readonly packets: Packet[];
    constructor(options?: RecorderOptions);
    /** Starts listening to all connections of this process. */
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
    /** Width in columns. Default 100. */
    readonly width?: number;
}
/** Whether to use colour: on a terminal, unless NO_COLOR is set. */
export declare function wantsColour(stream: {
    readonly isTTY?: boolean | undefined;
}, env: Readonly<Record<string, string | undefined>>): boolean;
/** The whole exchange as text: the connections, each packet, and a summary. */
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
/** Exchanges side by side, to compare what different dialects do in each step. */
export declare function sideBySide(columns: readonly Column[], options?: {
    colour?: boolean;
    width?: number;
}): string;
// viewer/tty/text.d.ts
import type { Facts } from '../facts.js';
/** Makes control characters visible, so that text from a peer cannot control the terminal. */
export declare function printable(text: string): string;
/** `dialect 3.1.1`, `max buffer 65535`. */
export declare function factTexts(facts: Facts): string[];
/** Joins texts with dots, wrapping between them, or inside one that is too long by itself. */
export declare function wrapped(parts: readonly string[], width: number): string[];
