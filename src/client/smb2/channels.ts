import { InterfaceCapability, type NetworkInterfaceInfo } from '#wire/fscc/fsctl/network-interface-info.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { pause } from '../abort.js';
import type { Environment } from '../connection.js';
import { delayOf } from '../lasting/backoff.js';
import type { Settings } from '../options.js';
import type { Smb2Client } from './client.js';
import type { Line } from './line.js';
import { bindChannel } from './session-setup.js';

/** Fastest interfaces first; among equals, those with RSS first, which spreads load over processors. */
function byWorth(a: NetworkInterfaceInfo, b: NetworkInterfaceInfo): number {
  const spread = ({ capability }: NetworkInterfaceInfo): number => capability & InterfaceCapability.RssCapable;
  return b.linkSpeed - a.linkSpeed || spread(b) - spread(a);
}

/** Addresses for additional channels; undefined means the address of the first connection. */
function addressesFor(interfaces: readonly NetworkInterfaceInfo[], count: number): (string | undefined)[] {
  const best = Math.max(0, ...interfaces.map(({ linkSpeed }) => linkSpeed));
  // [MS-SMB2] 3.2.4.20.10: a slower interface would hold up the others.
  const texts = [...interfaces]
    .filter(({ linkSpeed }) => linkSpeed === best)
    .sort(byWorth)
    .map(({ sockaddrStorage }) => sockaddrStorage.text)
    .filter((text) => text !== '');
  return Array.from({ length: count }, (_, i) => texts[i % Math.max(1, texts.length)]);
}

/** Connects to an address of the server; undefined means that of the first connection. */
export type OpenLine = (address: string | undefined, signal: AbortSignal) => Promise<Line>;

/**
 * The additional connections of a session ([MS-SMB2] 3.2.4.2.3). Failures to connect are tolerated, as the session
 * needs only the first one. A lost connection is re-established with growing delays, until `reconnect.timeoutMs` after
 * the loss.
 */
export class Channels {
  readonly #client: Smb2Client;
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #open: OpenLine;
  readonly #stop = new AbortController();
  /** The address of each channel. */
  readonly #ways = new Map<Line, string | undefined>();
  /** The addresses of lost channels. */
  readonly #missing: (string | undefined)[] = [];
  #restoring = false;
  #lostAt = 0;
  #joinedAt = 0;
  #attempts = 0;

  constructor(client: Smb2Client, settings: Settings, environment: Environment, open: OpenLine) {
    this.#client = client;
    this.#settings = settings;
    this.#environment = environment;
    this.#open = open;
    client.whenLost(() => this.end());
  }

  /** Opens up to `count` channels. */
  async make(count: number): Promise<void> {
    const interfaces = await this.#client.interfaces();
    await Promise.allSettled(addressesFor(interfaces, count).map((way) => this.#join(way)));
  }

  async #join(way: string | undefined): Promise<void> {
    const { signal } = this.#stop;
    const { random, clock } = this.#environment;
    const { session } = this.#client;
    // The address may be unreachable from here; if so, that of the first connection is used.
    const line = await this.#open(way, signal).catch(() => this.#open(undefined, signal));
    try {
      const settings = { ...this.#settings, signal };
      const channel = await bindChannel({ line, settings, random, now: () => clock.now() }, session);
      await this.#client.confirm(channel, { signal });
      signal.throwIfAborted();
      this.#ways.set(line, way);
      this.#joinedAt = clock.now();
      session.add(channel);
    } catch (error) {
      line.link.end();
      throw error;
    }
  }

  /** A connection was lost while others are alive. */
  dropped(line: Line): void {
    const { reconnect } = this.#settings;
    if (!reconnect || this.#stop.signal.aborted) return;
    this.#missing.push(this.#ways.get(line));
    this.#ways.delete(line);
    this.#lostAt = this.#environment.clock.now();
    // If channels keep getting lost soon after joining, the delays keep growing.
    if (this.#lostAt - this.#joinedAt > reconnect.timeoutMs) this.#attempts = 0;
    if (this.#restoring) return;
    this.#restoring = true;
    // This fails only if the session ends, which is reported elsewhere.
    this.#restore(reconnect).catch(() => undefined);
  }

  async #restore(policy: NonNullable<Settings['reconnect']>): Promise<void> {
    const { clock, random } = this.#environment;
    const { signal } = this.#stop;
    while (this.#missing.length > 0 && clock.now() - this.#lostAt < policy.timeoutMs) {
      await pause(clock, delayOf(policy, this.#attempts++, random), signal);
      const way = this.#missing.shift();
      await this.#join(way).catch(() => this.#missing.push(way));
    }
    // The session continues with the remaining channels.
    this.#missing.length = 0;
    this.#restoring = false;
  }

  /** Stops opening channels. */
  end(): void {
    this.#stop.abort();
  }
}

/** Opens additional channels as the settings ask for, if the server supports multichannel. */
export async function addChannels(
  client: Smb2Client,
  settings: Settings,
  environment: Environment,
  open: OpenLine,
): Promise<void> {
  const { session } = client;
  const able = session.agreement.dialect >= Dialect.Smb300 && client.info.capabilities.includes('multi-channel');
  if (settings.channels < 2 || !able || !session.security.signer) return;
  client.channels = new Channels(client, settings, environment, open);
  await client.channels.make(settings.channels - 1);
}
