import { hexOf, type JsonField, toJson } from '#wire/dissect.js';
import type { Facts } from './facts.js';
import type { Packet, ViewedConnection, ViewedMessage } from './model.js';

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
export function exchangeJson(exchange: {
  readonly packets: readonly Packet[];
  readonly connections: readonly ViewedConnection[];
}): JsonExchange {
  return { connections: exchange.connections, packets: exchange.packets.map(packetJson) };
}

/** One packet. */
export function packetJson(packet: Packet): JsonPacket {
  const { number, connection, timeMs, from, bytes, encrypted, malformed, frame, plain } = packet;
  const first = packet.messages.find((message) => message.step !== undefined) ?? packet.messages[0];
  return {
    number,
    connection,
    timeMs: rounded(timeMs) ?? 0,
    direction: from === 'client' ? 'client→server' : 'server→client',
    name: packet.messages.map(({ name }) => name).join(' + '),
    step: first?.step ?? null,
    status: first?.status ?? null,
    latencyMs: rounded(first?.latencyMs),
    bytes,
    encrypted,
    malformed: malformed ?? null,
    hex: hexOf(frame),
    plainHex: plain ? hexOf(plain) : null,
    frameFields: packet.frameFields.map(toJson),
    messages: packet.messages.map(messageJson),
  };
}

function messageJson(message: ViewedMessage): JsonMessage {
  const { protocol, name, kind, step, status, refused, latencyMs, facts, malformed, fields } = message;
  return {
    protocol,
    name,
    kind: kind ?? null,
    step: step ?? null,
    status: status ?? null,
    refused,
    latencyMs: rounded(latencyMs),
    facts,
    malformed: malformed ?? null,
    fields: protocol === 'NBSS' ? [] : fields.map(toJson),
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}
