import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts, StreamFacts } from '../file-facts.js';

/** [MS-FSCC] 2.4.47 FILE_STREAM_INFORMATION: one stream, its name as `:name:$DATA`. */
export class StreamEntry implements Wire {
  streamSize = 0;
  streamAllocationSize = 0;
  streamName = '';

  static of(facts: StreamFacts): StreamEntry {
    const entry = new StreamEntry();
    entry.streamSize = facts.size;
    entry.streamAllocationSize = facts.allocationSize;
    entry.streamName = `:${facts.name}:$DATA`;
    return entry;
  }

  layout(io: Layout): void {
    const length = io.length32('StreamNameLength');
    this.streamSize = io.size64('StreamSize', this.streamSize);
    this.streamAllocationSize = io.size64('StreamAllocationSize', this.streamAllocationSize);
    this.streamName = io.utf16At('StreamName', length, this.streamName);
  }
}

/** [MS-FSCC] 2.4.47 FileStreamInformation. */
export class FileStreamInformation implements Wire {
  entries: StreamEntry[] = [];

  static of(facts: FileFacts): FileStreamInformation {
    const info = new FileStreamInformation();
    info.entries = facts.streams.map((stream) => StreamEntry.of(stream));
    return info;
  }

  layout(io: Layout): void {
    this.entries = io.chain('Streams', this.entries, () => new StreamEntry(), 8);
  }
}
