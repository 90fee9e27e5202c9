import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import type { NameTable } from '../io/names.js';

/** [MS-NLMP] 2.2.2.1 AvId. */
export const AvId = {
  Eol: 0,
  NbComputerName: 1,
  NbDomainName: 2,
  DnsComputerName: 3,
  DnsDomainName: 4,
  DnsTreeName: 5,
  Flags: 6,
  Timestamp: 7,
  SingleHost: 8,
  TargetName: 9,
  ChannelBindings: 10,
} as const;

const avIdNames: NameTable = Object.fromEntries(Object.entries(AvId).map(([name, id]) => [id, `MsvAv${name}`]));

/** [MS-NLMP] 2.2.2.1 MsvAvFlags. */
export const AvFlag = { AccountConstrained: 1, MicPresent: 2, UntrustedSpn: 4 } as const;

const avFlagNames: NameTable = { 1: 'ACCOUNT_CONSTRAINED', 2: 'MIC_PRESENT', 4: 'UNTRUSTED_SPN' };

/** [MS-NLMP] 2.2.2.1 AV_PAIR. AvId determines which of the values is used. */
export class AvPair {
  avId = 0;
  /** For names. */
  text = '';
  /** For Flags. */
  flags = 0;
  /** For Timestamp. */
  timestamp = 0n;
  /** For SingleHost, ChannelBindings and anything unknown. */
  value: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.avId = io.u16('AvId', this.avId, avIdNames);
    io.within('Value', io.length16('AvLen'), () => this.#value(io));
  }

  #value(io: Layout): void {
    switch (this.avId) {
      case AvId.NbComputerName:
      case AvId.NbDomainName:
      case AvId.DnsComputerName:
      case AvId.DnsDomainName:
      case AvId.DnsTreeName:
      case AvId.TargetName:
        this.text = io.utf16Rest('Text', this.text);
        break;
      case AvId.Flags:
        this.flags = io.flags32('Flags', this.flags, avFlagNames);
        break;
      case AvId.Timestamp:
        this.timestamp = io.time('Timestamp', this.timestamp);
        break;
      default:
        this.value = io.rest('Value', this.value);
    }
  }

  static text(avId: number, text: string): AvPair {
    return Object.assign(new AvPair(), { avId, text });
  }
  static flags(flags: number): AvPair {
    return Object.assign(new AvPair(), { avId: AvId.Flags, flags });
  }
  static timestamp(timestamp: bigint): AvPair {
    return Object.assign(new AvPair(), { avId: AvId.Timestamp, timestamp });
  }
  static bytes(avId: number, value: Uint8Array): AvPair {
    return Object.assign(new AvPair(), { avId, value });
  }
}

/** A list of AV_PAIRs, terminated by MsvAvEOL, which is not in `pairs`. */
export class AvPairs {
  pairs: AvPair[] = [];

  layout(io: Layout): void {
    if (io.reading) this.#read(io);
    else {
      for (const pair of [...this.pairs, new AvPair()]) pair.layout(io);
    }
  }

  #read(io: Layout): void {
    this.pairs = [];
    // Some peers omit the terminator.
    while (io.left > 0) {
      const pair = io.struct(`AvPair[${this.pairs.length}]`, new AvPair());
      if (pair.avId === AvId.Eol) return;
      this.pairs.push(pair);
    }
  }

  find(avId: number): AvPair | undefined {
    return this.pairs.find((pair) => pair.avId === avId);
  }

  static of(...pairs: AvPair[]): AvPairs {
    return Object.assign(new AvPairs(), { pairs });
  }
}
