import type { Facts, FactValue } from '../facts.js';

/** Makes control characters visible, so that text from a peer cannot control the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '�';
  });
}

/** `dialect 3.1.1`, `max buffer 65535`. */
export function factTexts(facts: Facts): string[] {
  return Object.entries(facts).map(([key, value]) => `${words(key)} ${valueText(value)}`);
}

/** `maxBuffer` in words: `max buffer`. */
function words(key: string): string {
  return key.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

function valueText(value: FactValue): string {
  if (typeof value === 'string') return printable(value);
  return typeof value === 'object' ? value.map(printable).join(', ') : String(value);
}

/** Joins texts with dots, wrapping between them, or inside one that is too long by itself. */
export function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const joined = line === '' ? part : `${line} · ${part}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = part;
    while (line.length > width) {
      const space = Math.max(line.lastIndexOf(' ', width), line.lastIndexOf('|', width - 1) + 1);
      const cut = space > width / 3 ? space : width;
      lines.push(line.slice(0, cut));
      line = line.slice(cut).trimStart();
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
