import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import type { Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { AndXBlock } from './block.js';
import { makeBody } from './commands.js';
import { Smb1Header } from './header.js';
import { commandName } from './smb1-command.js';

/** Maximum number of commands in one message; more than this must be an attack. */
const MAX_CHAIN = 16;

/** One command of a message. */
export interface Block {
  readonly command: number;
  readonly body: Wire;
}

/** [MS-CIFS] 2.2.3, 2.2.3.4: a header and one command, or a chain of AndX commands. */
export class Smb1Message {
  header: Smb1Header;
  blocks: Block[];

  constructor(header: Smb1Header = new Smb1Header(), blocks: Block[] = []) {
    this.header = header;
    this.blocks = blocks;
  }

  /** A message of one command. */
  static of(header: Smb1Header, body: Wire): Smb1Message {
    return new Smb1Message(header, [{ command: header.command, body }]);
  }

  /** The names of its commands. */
  get name(): string {
    const names = this.blocks.map(({ command }) => commandName(command));
    return names.length > 0 ? names.join(' + ') : commandName(this.header.command);
  }
}

/** Reads a message from `io` into `message`, which keeps the blocks read so far if it turns out malformed. */
export function readMessage(io: Decoder, message: Smb1Message): void {
  const { header, blocks } = message;
  io.struct('SMB Header', header);
  io.unicode = header.isUnicode;
  const end = io.at + io.left;
  let command = header.command;
  for (;;) {
    const start = io.at;
    const body = makeBody(command, header.isReply, io.chunk[io.pos] ?? 0);
    blocks.push({ command, body });
    io.struct(commandName(command), body);
    if (!(body instanceof AndXBlock) || body.isLast) return;
    const next = body.next.offset;
    if (next <= start || next >= end) throw new Malformed('AndXOffset', start + 3, `next block at ${next}`);
    if (blocks.length === MAX_CHAIN) throw new Malformed('AndXCommand', start + 1, `more than ${MAX_CHAIN} commands`);
    command = body.andXCommand;
    io.pos = io.base + next;
  }
}

/** Decodes a frame, without the transport's header. Byte fields are views of the frame. */
export function decodeChain(frame: Uint8Array, io: Decoder = new Decoder()): Smb1Message {
  const message = new Smb1Message();
  readMessage(io.reset(frame), message);
  return message;
}

/**
 * Appends a message to what `io` has begun. The header's command and the links of the chain are set from the blocks.
 * Bulk data of the last block is then in `io.payload`.
 */
export function writeMessage(io: Encoder, message: Smb1Message): void {
  const { header, blocks } = message;
  const first = blocks[0];
  if (!first) throw new RangeError('a message without a command');
  header.command = first.command;
  io.unicode = header.isUnicode;
  header.layout(io);
  let previous: AndXBlock | undefined;
  blocks.forEach(({ body }, index) => {
    const next = blocks[index + 1];
    if (body instanceof AndXBlock) body.andXCommand = next?.command ?? 0xff;
    else if (next) throw new RangeError(`nothing can follow ${commandName(blocks[index]?.command ?? 0)}`);
    if (previous) {
      io.align(4);
      io.within('', previous.next, () => body.layout(io));
    } else {
      body.layout(io);
    }
    previous = body instanceof AndXBlock ? body : undefined;
  });
}

/** Encodes a message as one frame, without the transport's header. */
export function encodeChain(message: Smb1Message, io: Encoder = new Encoder()): Uint8Array {
  return io.encode({ layout: () => writeMessage(io, message) });
}
