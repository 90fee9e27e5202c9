import { Decoder } from '#wire/io/decoder.js';
import { AvId, AvPairs } from '#wire/ntlm/av-pair.js';
import type { ChallengeMessage } from '#wire/ntlm/messages.js';

/** What a server discloses about itself in its challenge ([MS-NLMP] 2.2.1.2), before the client has authenticated. */
export interface ChallengeFacts {
  readonly netbiosName: string | undefined;
  readonly netbiosDomain: string | undefined;
  readonly dnsName: string | undefined;
  readonly dnsDomain: string | undefined;
  readonly dnsForest: string | undefined;
  /** Major, minor and build, as `10.0.20348`. */
  readonly osVersion: string | undefined;
  /** The server's clock as FILETIME, if it sends one for NTLMv2 to use. */
  readonly time: bigint | undefined;
}

/** Reads what a challenge discloses about its server. */
export function challengeFacts(challenge: ChallengeMessage): ChallengeFacts {
  const info = new AvPairs();
  if (challenge.targetInfo.length > 0) info.layout(new Decoder().reset(challenge.targetInfo));
  const text = (id: number): string | undefined => info.find(id)?.text || undefined;
  const { productMajorVersion: major, productMinorVersion: minor, productBuild: build } = challenge.version;
  return {
    netbiosName: text(AvId.NbComputerName),
    netbiosDomain: text(AvId.NbDomainName),
    dnsName: text(AvId.DnsComputerName),
    dnsDomain: text(AvId.DnsDomainName),
    dnsForest: text(AvId.DnsTreeName),
    osVersion: challenge.hasVersion && major !== 0 ? `${major}.${minor}.${build}` : undefined,
    time: info.find(AvId.Timestamp)?.timestamp,
  };
}
