import type { FactValue } from './facts.js';
import { exchangeJson } from './json.js';
import type { Packet, ViewedConnection, ViewedMessage } from './model.js';
import { SCRIPT, STYLE } from './page.js';
import { printable } from './tty/text.js';

/**
 * The exchange as a self-contained page: select a packet to see its fields, and a field to see its bytes. The ladder
 * itself can be read without scripts.
 */
export function exchangeHtml(exchange: {
  readonly packets: readonly Packet[];
  readonly connections: readonly ViewedConnection[];
}): string {
  const { packets, connections } = exchange;
  // The page's own policy forbids it to load anything or connect anywhere.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SMB packet exchange</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>SMB packet exchange</h1>
${connections.map(connectionHtml).join('\n')}
</header>
<main>
<section aria-label="Packets">
<div class="ends"><span>client</span><span>server</span></div>
<ol>
${packets.map(packetHtml).join('\n')}
</ol>
</section>
<section class="detail" id="detail" aria-label="Fields of the chosen packet" aria-live="polite"><noscript><p>The fields of each packet need JavaScript; the packets themselves do not.</p></noscript></section>
</main>
<footer><p>${packets.length} packets, ${packets.reduce((sum, { bytes }) => sum + bytes, 0)} bytes. Written by sombrero.</p></footer>
<script type="application/json" id="data">${embedded(exchangeJson(exchange))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function connectionHtml({ client, server, framing, dialect }: ViewedConnection): string {
  const transport = framing === 'netbios' ? 'the NetBIOS session service' : 'direct TCP';
  return `<p>${escaped(client)} to ${escaped(server)}: <strong>${escaped(dialect ?? 'no dialect agreed')}</strong> over ${transport}</p>`;
}

function packetHtml(packet: Packet): string {
  const step = packet.messages.find((message) => message.step !== undefined)?.step;
  return `<li><button type="button" class="packet ${packet.from}" data-number="${packet.number}" aria-pressed="false">
<span class="step">${step ?? '–'}</span><span class="time">${packet.timeMs.toFixed(1)} ms</span>
<span>${packet.messages.map((message) => messageHtml(message)).join('')}<span class="arrow" aria-hidden="true"></span><span class="facts">${packet.from === 'client' ? 'client to server' : 'server to client'}, ${packet.bytes} bytes${packet.encrypted ? ', encrypted' : ''}</span></span>
</button></li>`;
}

function messageHtml(message: ViewedMessage): string {
  const { name, status, refused, latencyMs, facts, malformed } = message;
  const parts = Object.entries(facts).map(([key, value]) => `${key} ${factText(value)}`);
  if (latencyMs !== undefined) parts.push(`after ${latencyMs.toFixed(1)} ms`);
  const shown =
    status === undefined ? '' : `<span class="status${refused ? ' refused' : ''}">${escaped(status)}</span>`;
  const fault = malformed === undefined ? '' : `<div class="malformed">${escaped(malformed)}</div>`;
  return `<div><span class="name">${escaped(name)}</span>${shown}<div class="facts">${escaped(parts.join(' · '))}</div>${fault}</div>`;
}

function factText(value: FactValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for an element or attribute. */
export function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

/** JSON for a script element, without characters that could end it. */
export function embedded(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
