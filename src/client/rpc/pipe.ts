import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { Pdu, type PduBody, pduLength } from '#wire/rpc/pdu.js';
import { Bind, BindAck, ContextElement, ContextResult } from '#wire/rpc/pdu-bind.js';
import { Fault, faultStatusNames, RpcRequest, RpcResponse } from '#wire/rpc/pdu-call.js';
import { PduFlags } from '#wire/rpc/pdu-type.js';
import { NDR, type SyntaxId } from '#wire/rpc/syntax.js';
import { CreateDisposition, ShareAccess } from '#wire/smb2/command/create.js';
import type { Control, FileProtocol, Handle } from '../protocol.js';

/** Largest fragment in both directions, as in Windows. */
const FRAGMENT = 4280;
/** Largest response to assemble. */
const MAX_ANSWER = 16 * 1024 * 1024;

const ACCESS =
  FileAccess.ReadData |
  FileAccess.WriteData |
  FileAccess.AppendData |
  FileAccess.ReadEa |
  FileAccess.ReadAttributes |
  FileAccess.ReadControl |
  FileAccess.Synchronize;

/** An RPC interface on a named pipe. Calls are queued. */
export class RpcPipe {
  readonly #protocol: FileProtocol;
  readonly #handle: Handle;
  #callId = 0;

  constructor(protocol: FileProtocol, handle: Handle) {
    this.#protocol = protocol;
    this.#handle = handle;
  }

  /** Opens the pipe on IPC$ and binds the interface. */
  static async open(protocol: FileProtocol, name: string, abstract: SyntaxId, control: Control): Promise<RpcPipe> {
    const share = ShareAccess.Read | ShareAccess.Write;
    const request = { path: name, access: ACCESS, disposition: CreateDisposition.Open, share };
    const pipe = new RpcPipe(protocol, await protocol.open(request, control));
    try {
      await pipe.#bind(abstract, control);
    } catch (error) {
      await pipe.close();
      throw error;
    }
    return pipe;
  }

  async #bind(abstract: SyntaxId, control: Control): Promise<void> {
    const context = new ContextElement();
    context.abstractSyntax = abstract;
    context.transferSyntaxes = [NDR];
    const bind = new Bind();
    bind.contexts = [context];
    bind.maxXmitFrag = bind.maxRecvFrag = FRAGMENT;
    const [answer] = await this.#exchange(bind, control);
    if (answer?.body instanceof BindAck && answer.body.results[0]?.result === ContextResult.Acceptance) return;
    throw new StatusError(NtStatus.NotSupported, {
      command: 'BIND',
      path: this.#handle.path,
      hint: 'the server does not offer this interface',
    });
  }

  /** Calls an operation and decodes its response into `response`. */
  async call<T extends Wire>(opnum: number, request: Wire, response: T, control: Control = {}): Promise<T> {
    const body = new RpcRequest();
    body.opnum = opnum;
    body.stub = new Encoder().encode(request);
    body.allocHint = body.stub.length;
    const stubs: Uint8Array[] = [];
    for (const { body: answer } of await this.#exchange(body, control)) {
      if (answer instanceof Fault) {
        const reason = faultStatusNames[answer.status] ?? `0x${answer.status.toString(16)}`;
        throw new StatusError(NtStatus.AccessDenied, { command: 'RPC', path: this.#handle.path, hint: reason });
      }
      if (!(answer instanceof RpcResponse)) throw new Malformed('PTYPE', 2, 'must be a response');
      stubs.push(answer.stub);
    }
    response.layout(new Decoder().reset(joined(stubs)));
    return response;
  }

  // The first part of the response comes with the request; the rest is read from the pipe.
  async #exchange(body: PduBody, control: Control): Promise<Pdu[]> {
    const callId = ++this.#callId;
    const sent = new Encoder().encode(Pdu.of(callId, body));
    let data = await this.#protocol.transact(this.#handle, sent, FRAGMENT, control);
    const answers: Pdu[] = [];
    for (let gathered = 0; ; ) {
      const length = pduLength(data);
      if (length === 0 || data.length < length) {
        if (data.length > FRAGMENT * 16 || gathered > MAX_ANSWER)
          throw new Malformed('frag_length', 8, 'answer too long');
        data = joined([data, await this.#more(control)]);
        continue;
      }
      const pdu = new Pdu();
      pdu.layout(new Decoder().reset(data.subarray(0, length)));
      data = data.subarray(length);
      gathered += length;
      if (pdu.callId !== callId) throw new Malformed('call_id', 12, `${pdu.callId} answers ${callId}`);
      answers.push(pdu);
      if ((pdu.pfcFlags & PduFlags.LastFrag) !== 0) return answers;
    }
  }

  async #more(control: Control): Promise<Uint8Array> {
    const data = await this.#protocol.read(this.#handle, 0, FRAGMENT, control);
    if (data.length === 0) throw new StatusError(NtStatus.PipeBroken, { command: 'READ', path: this.#handle.path });
    return data;
  }

  async close(): Promise<void> {
    // The result is known, and the server closes its end in any case.
    await this.#protocol.close(this.#handle).catch(() => undefined);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
