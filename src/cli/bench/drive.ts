import { Histogram } from './histogram.js';

/** How long and how much at a time. */
export interface Load {
  readonly seconds: number;
  /** Operations under way at a time. */
  readonly lanes: number;
  readonly signal: AbortSignal;
}

/** What came of a case. */
export interface Outcome {
  readonly operations: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Processor time of this process, in microseconds for each operation. */
  readonly cpuMicros: number;
  readonly latencies: Histogram;
}

/**
 * One operation; what comes back is how many bytes it moved, or undefined when there was nothing left to do. Operations
 * are counted from 0.
 */
export type Operation = (lane: number, turn: number) => Promise<number | undefined>;

/**
 * Keeps operations under way until the time is up, or there are no more. The first failure ends it. When the signal is
 * aborted, what is under way still ends by itself: listening for it in each operation would be part of what is measured.
 */
export async function drive(load: Load, operation: Operation): Promise<Outcome> {
  const latencies = new Histogram();
  let turn = 0;
  let bytes = 0;
  let stopped = false;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const end = begin + load.seconds * 1000;
  const lane = async (index: number): Promise<void> => {
    try {
      while (!stopped) {
        load.signal.throwIfAborted();
        const from = performance.now();
        if (from >= end) return;
        const moved = await operation(index, turn++);
        if (moved === undefined) return;
        latencies.add(performance.now() - from);
        bytes += moved;
      }
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: load.lanes }, (_, index) => lane(index)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMicros = (user + system) / Math.max(1, latencies.count);
  return { operations: latencies.count, bytes, seconds, cpuMicros, latencies };
}
