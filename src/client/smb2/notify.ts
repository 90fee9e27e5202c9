import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileNotifyList } from '#wire/fscc/notify.js';
import { ChangeNotifyFlags, ChangeNotifyRequest, type ChangeNotifyResponse } from '#wire/smb2/command/change-notify.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import { unpacked } from '../packing.js';
import type { Control, NotifiedChange } from '../protocol.js';
import type { Caller } from './caller.js';
import { close, open, type Smb2Handle } from './create.js';

const BUFFER_SIZE = 65536;
const ACCEPTED = [NtStatus.NotifyEnumDir, NtStatus.NotifyCleanup];
const FILTER =
  CompletionFilter.FileName |
  CompletionFilter.DirName |
  CompletionFilter.Attributes |
  CompletionFilter.Size |
  CompletionFilter.LastWrite |
  CompletionFilter.Creation |
  CompletionFilter.StreamName;

/** Watches a directory until the caller stops. One request is always pending on the server. */
export async function* watch(
  caller: Caller,
  path: string,
  recursive: boolean,
  control: Control & { readonly onReady?: (() => void) | undefined } = {},
): AsyncGenerator<NotifiedChange[] | undefined, void, undefined> {
  const access = FileAccess.ReadData | FileAccess.ReadAttributes;
  const options = CreateOptions.DirectoryFile;
  const handle = await open(caller, { path, access, disposition: CreateDisposition.Open, options }, control);
  // Cancels the pending request when the caller stops between two batches.
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  try {
    let ahead = ask(caller, handle, recursive, signal);
    control.onReady?.();
    for (;;) {
      const reply: Smb2Reply = await ahead;
      if (reply.header.status === NtStatus.NotifyCleanup) return;
      ahead = ask(caller, handle, recursive, signal);
      yield changesOf(reply);
    }
  } finally {
    stop.abort();
    await close(caller, handle).catch(() => undefined);
  }
}

function ask(caller: Caller, handle: Smb2Handle, recursive: boolean, signal: AbortSignal): Promise<Smb2Reply> {
  const body = new ChangeNotifyRequest();
  body.flags = recursive ? ChangeNotifyFlags.WatchTree : 0;
  body.outputBufferLength = Math.min(BUFFER_SIZE, caller.agreement.maxTransact);
  body.fileId = handle.fileId;
  body.completionFilter = FILTER;
  const asked = caller.call({ command: Command.ChangeNotify, body, accept: ACCEPTED, path: handle.path }, { signal });
  asked.catch(() => undefined);
  return asked;
}

// An empty answer means that the changes did not fit ([MS-SMB2] 3.3.4.4).
function changesOf(reply: Smb2Reply): NotifiedChange[] | undefined {
  if (reply.header.status !== NtStatus.Success) return undefined;
  const { output } = reply.body as ChangeNotifyResponse;
  if (output.length === 0) return undefined;
  return unpacked(new FileNotifyList(), output).entries.map(({ action, fileName }) => ({ action, name: fileName }));
}
