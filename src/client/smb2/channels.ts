import { InterfaceCapability, type NetworkInterfaceInfo } from '#wire/fscc/fsctl/network-interface-info.js';
import { Dialect } from '#wire/smb2/dialect.js';
import type { Environment } from '../connection.js';
import type { Settings } from '../options.js';
import type { Smb2Client } from './client.js';
import type { Line } from './line.js';
import { bindChannel } from './session-setup.js';

/** The fastest first; of equals, those that spread their load over processors. */
function byWorth(a: NetworkInterfaceInfo, b: NetworkInterfaceInfo): number {
  const spread = ({ capability }: NetworkInterfaceInfo): number => capability & InterfaceCapability.RssCapable;
  return b.linkSpeed - a.linkSpeed || spread(b) - spread(a);
}

/** Addresses of as many channels; undefined for the one that we have come by. */
function addressesFor(interfaces: readonly NetworkInterfaceInfo[], count: number): (string | undefined)[] {
  const best = Math.max(0, ...interfaces.map(({ linkSpeed }) => linkSpeed));
  // [MS-SMB2] 3.2.4.20.10: slower ones than the best would hold it up.
  const texts = [...interfaces]
    .filter(({ linkSpeed }) => linkSpeed === best)
    .sort(byWorth)
    .map(({ sockaddrStorage }) => sockaddrStorage.text)
    .filter((text) => text !== '');
  return Array.from({ length: count }, (_, i) => texts[i % Math.max(1, texts.length)]);
}

/**
 * Binds the session to further connections, up to as many as the settings want ([MS-SMB2] 3.2.4.2.3). Those that do not
 * come about are done without: the session stands on the first.
 */
export async function addChannels(
  client: Smb2Client,
  settings: Settings,
  environment: Environment,
  open: (address: string | undefined) => Promise<Line>,
): Promise<void> {
  const { session } = client;
  const able = session.agreement.dialect >= Dialect.Smb300 && client.info.capabilities.includes('multi-channel');
  if (settings.channels < 2 || !able || !session.security.signer) return;
  const interfaces = await client.interfaces();
  const { random, clock } = environment;
  const join = async (address: string | undefined): Promise<void> => {
    // An address that only the server knows the way to is no loss: the one that we came by leads there.
    const line = await open(address).catch(() => open(undefined));
    try {
      session.add(await bindChannel({ line, settings, random, now: () => clock.now() }, session));
    } catch (error) {
      line.link.end();
      throw error;
    }
  };
  await Promise.allSettled(addressesFor(interfaces, settings.channels - 1).map(join));
}
