import type { Smb1Reply } from '#engine/smb1/client-connection.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileNotifyList } from '#wire/fscc/notify.js';
import { NtTransactFunction } from '#wire/smb1/command/nt-transact.js';
import { NotifyChangeSetup } from '#wire/smb1/nt-transact/notify-change.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { Control, NotifiedChange } from '../protocol.js';
import type { Smb1Caller } from './caller.js';
import { close, open, type Smb1Handle } from './files.js';

const BUFFER_SIZE = 16384;
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
  caller: Smb1Caller,
  path: string,
  recursive: boolean,
  control: Control & { readonly onReady?: (() => void) | undefined } = {},
): AsyncGenerator<NotifiedChange[] | undefined, void, undefined> {
  const access = FileAccess.ReadData | FileAccess.ReadAttributes;
  const options = CreateOptions.DirectoryFile;
  const handle = await open(caller, { path, access, disposition: CreateDisposition.Open, options }, control);
  const stop = new AbortController();
  const signal = control.signal ? AbortSignal.any([control.signal, stop.signal]) : stop.signal;
  try {
    let ahead = ask(caller, handle, recursive, signal);
    control.onReady?.();
    for (;;) {
      const reply: Smb1Reply = await ahead;
      if (reply.header.ntStatus === NtStatus.NotifyCleanup) return;
      ahead = ask(caller, handle, recursive, signal);
      const { entries } = caller.unpacked(new FileNotifyList(), reply.parameters);
      // An empty response means that there were too many changes.
      yield entries.length === 0 ? undefined : entries.map(({ action, fileName }) => ({ action, name: fileName }));
    }
  } finally {
    stop.abort();
    await close(caller, handle).catch(() => undefined);
  }
}

function ask(caller: Smb1Caller, handle: Smb1Handle, recursive: boolean, signal: AbortSignal): Promise<Smb1Reply> {
  const setup = new NotifyChangeSetup();
  setup.completionFilter = FILTER;
  setup.fid = handle.fid;
  setup.watchTree = recursive ? 1 : 0;
  const request = { function: NtTransactFunction.NotifyChange, setup, maxParameters: BUFFER_SIZE, maxData: 0 };
  const accept = [NtStatus.NotifyEnumDir, NtStatus.NotifyCleanup];
  const asked = caller.ntTransact({ ...request, path: handle.path, accept, patient: true }, { signal });
  asked.catch(() => undefined);
  return asked;
}
