import { Histogram } from './histogram.js';

/** How long to run, and how many operations at a time. */
export interface Load {
  readonly seconds: number;
  /** Operations in flight at a time. */
  readonly lanes: number;
  readonly signal: AbortSignal;
}

/** Result of a case. */
export interface Outcome {
  readonly operations: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Processor time of this process per operation, in microseconds. */
  readonly cpuMicros: number;
  readonly latencies: Histogram;
}

/**
 * Performs one operation and returns the number of bytes moved, or undefined if nothing is left to do. `turn` counts
 * operations from 0.
 */
export type Operation = (lane: number, turn: number) => Promise<number | undefined>;

/**
 * Keeps operations in flight until the time is up or none are left. The first failure ends it. After an abort,
 * operations in flight still run to their end: listening for the signal in each of them would be part of the
 * measurement.
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
