import { FileAccess } from '#wire/dtyp/access-mask.js';
import { UsageError } from '#wire/erref/errors.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { type Environment, guarded, machine, openConnection, openLink } from '../connection.js';
import { type ConnectOptions, NT1, type Settings, settingsFrom } from '../options.js';
import { toWire } from '../paths.js';

export interface ExchangeResult {
  /** `NT1` or `3.1.1`, for example. */
  readonly dialect: string;
  readonly signed: boolean;
  readonly encrypted: boolean;
  /** Size of the file as reported by the server. */
  readonly size: number;
  /** The data returned by the single read. */
  readonly data: Uint8Array;
}

/**
 * Runs the classic exchange and nothing else: the NetBIOS session if `netbios` is set, NEGOTIATE, SESSION_SETUP,
 * TREE_CONNECT, opening one file and one read; then it closes, disconnects and logs off. With NT1 as the only dialect,
 * the commands are OPEN_ANDX and READ_ANDX, and the challenge is in the NEGOTIATE response unless `extendedSecurity` is
 * set. The packets can be observed through the tap.
 */
export async function playExchange(
  url: string,
  options: ConnectOptions = {},
  file: { readonly path?: string } = {},
  environment: Environment = machine,
): Promise<ExchangeResult> {
  const min = options.dialects?.min;
  const classic = min === 'NT1' && options.dialects?.max === 'NT1';
  const smb1 = { extendedSecurity: false, ...options.smb1 };
  const settings = settingsFrom(url, classic ? { ...options, smb1 } : options);
  const path = toWire(file.path ?? settings.path);
  if (settings.share === undefined || path === '') {
    throw new UsageError('the exchange needs a share and a file: smb://HOST/SHARE/FILE');
  }
  const play = { settings, share: settings.share, path, environment };
  return settings.dialects.every((dialect) => dialect === NT1) ? playClassic(play) : playModern(play);
}

/** The exchange to run. */
export interface Play {
  readonly settings: Settings;
  readonly share: string;
  readonly path: string;
  readonly environment: Environment;
}

async function playModern({ settings, share, path, environment }: Play): Promise<ExchangeResult> {
  const connection = await openConnection(settings, environment);
  try {
    const { signal } = settings;
    const { protocol, encrypted } = await connection.tree(share, { signal });
    const access = FileAccess.ReadData | FileAccess.ReadAttributes;
    const options = CreateOptions.NonDirectoryFile;
    const handle = await protocol.open({ path, access, disposition: CreateDisposition.Open, options }, { signal });
    const { size } = handle.info;
    const data = await protocol.read(handle, 0, Math.min(protocol.maxRead, Math.max(size, 1)), { signal });
    await protocol.close(handle);
    await protocol.disconnect();
    const { dialect, signed } = connection.info;
    return { dialect, signed, encrypted, size, data: data.slice() };
  } finally {
    await connection.close();
  }
}

async function playClassic(play: Play): Promise<ExchangeResult> {
  const link = await openLink(play.settings, play.environment);
  return guarded(link, play.settings.signal, async () => {
    const { classicSteps } = await import('./classic-exchange.js');
    return classicSteps(link, play);
  });
}
