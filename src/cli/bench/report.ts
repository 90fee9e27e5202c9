import { humanSize } from '../terminal.js';
import type { Row } from './run.js';

const HEAD = `${'case'.padEnd(22)} ${'protection'.padEnd(10)} ${'op/s'.padStart(9)} ${'throughput'.padStart(14)} ${'p50 ms'.padStart(9)} ${'p95 ms'.padStart(9)} ${'p99 ms'.padStart(9)} ${'CPU us/op'.padStart(10)}`;

export function head(): string {
  return `${HEAD}\n`;
}

const number = (value: number | undefined, width: number, digits: number): string =>
  (value === undefined ? '' : value.toFixed(digits)).padStart(width);

function rate(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** A row of the table, followed by notes. */
export function line(row: Row): string {
  const start = `${row.case.padEnd(22)} ${row.protection.padEnd(10)} `;
  if (row.error !== undefined) return `${start}failed: ${row.error}\n`;
  const throughput = row.bytesPerSecond === undefined ? '' : `${humanSize(row.bytesPerSecond)}/s`;
  const cells = [
    rate(row.operationsPerSecond ?? 0).padStart(9),
    throughput.padStart(14),
    number(row.p50, 9, 3),
    number(row.p95, 9, 3),
    number(row.p99, 9, 3),
    number(row.cpuMicrosPerOperation, 10, 0),
  ];
  return `${start}${cells.join(' ')}${notes(row)}\n`;
}

function notes({ entries, idle, operationsPerSecond = 0 }: Row): string {
  if (entries !== undefined) return `   ${rate(entries * operationsPerSecond)} entries/s`;
  if (idle === undefined) return '';
  const grown = `the process grew by ${humanSize(idle.residentBytesEach)}`;
  const each = `${humanSize(idle.heapBytesEach)} of heap and buffers (${grown})`;
  return `   ${idle.opened} opened, ${idle.alive} alive in the end, each ${each}`;
}
