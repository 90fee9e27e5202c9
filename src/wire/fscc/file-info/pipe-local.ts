import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import type { FileFacts } from '../file-facts.js';

export const PipeType = { ByteStream: 0, Message: 1 } as const;
export const PipeConfiguration = { Inbound: 0, Outbound: 1, FullDuplex: 2 } as const;
export const PipeState = { Disconnected: 1, Listening: 2, Connected: 3, Closing: 4 } as const;

const typeNames: NameTable = { 0: 'FILE_PIPE_BYTE_STREAM_TYPE', 1: 'FILE_PIPE_MESSAGE_TYPE' };
const configurationNames: NameTable = {
  0: 'FILE_PIPE_INBOUND',
  1: 'FILE_PIPE_OUTBOUND',
  2: 'FILE_PIPE_FULL_DUPLEX',
};
const stateNames: NameTable = {
  1: 'FILE_PIPE_DISCONNECTED_STATE',
  2: 'FILE_PIPE_LISTENING_STATE',
  3: 'FILE_PIPE_CONNECTED_STATE',
  4: 'FILE_PIPE_CLOSING_STATE',
};
const endNames: NameTable = { 0: 'FILE_PIPE_CLIENT_END', 1: 'FILE_PIPE_SERVER_END' };

/** [MS-FSCC] 2.4.37 FilePipeLocalInformation. */
export class FilePipeLocalInformation implements Wire {
  namedPipeType = 0;
  namedPipeConfiguration = 0;
  /** 0xffffffff for no limit. */
  maximumInstances = 0xffffffff;
  currentInstances = 0;
  inboundQuota = 0;
  readDataAvailable = 0;
  outboundQuota = 0;
  writeQuotaAvailable = 0;
  namedPipeState = 0;
  namedPipeEnd = 0;

  static of(facts: FileFacts): FilePipeLocalInformation | undefined {
    const pipe = facts.pipe;
    if (pipe === undefined) return undefined;
    const info = new FilePipeLocalInformation();
    info.namedPipeType = pipe.type;
    info.namedPipeConfiguration = pipe.configuration;
    info.maximumInstances = pipe.maximumInstances >>> 0;
    info.currentInstances = pipe.currentInstances;
    info.inboundQuota = pipe.inboundQuota;
    info.readDataAvailable = pipe.readDataAvailable;
    info.outboundQuota = pipe.outboundQuota;
    info.writeQuotaAvailable = pipe.writeQuotaAvailable;
    info.namedPipeState = pipe.state;
    info.namedPipeEnd = Number(pipe.serverEnd);
    return info;
  }

  layout(io: Layout): void {
    this.namedPipeType = io.u32('NamedPipeType', this.namedPipeType, typeNames);
    this.namedPipeConfiguration = io.u32('NamedPipeConfiguration', this.namedPipeConfiguration, configurationNames);
    this.maximumInstances = io.u32('MaximumInstances', this.maximumInstances);
    this.currentInstances = io.u32('CurrentInstances', this.currentInstances);
    this.inboundQuota = io.u32('InboundQuota', this.inboundQuota);
    this.readDataAvailable = io.u32('ReadDataAvailable', this.readDataAvailable);
    this.outboundQuota = io.u32('OutboundQuota', this.outboundQuota);
    this.writeQuotaAvailable = io.u32('WriteQuotaAvailable', this.writeQuotaAvailable);
    this.namedPipeState = io.u32('NamedPipeState', this.namedPipeState, stateNames);
    this.namedPipeEnd = io.u32('NamedPipeEnd', this.namedPipeEnd, endNames);
  }
}
