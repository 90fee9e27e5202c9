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
