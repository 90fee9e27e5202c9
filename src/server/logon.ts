import type { LogonPolicy } from '#auth/logon.js';
import type { ServerNames } from '#auth/ntlm-server.js';
import { SpnegoServer } from '#auth/spnego-server.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { ServerCore } from './core.js';

/** The server's names in NTLM: a stand-alone machine is its own domain. */
export function serverNames(core: ServerCore): ServerNames {
  const dns = core.name.toLowerCase();
  return { netbiosName: core.name, netbiosDomain: core.name, dnsName: dns, dnsDomain: '' };
}

/** Which logons are accepted. `smb1`: legacy authentication applies only there. */
export function logonPolicy(core: ServerCore, smb1: boolean): LogonPolicy {
  const { options } = core;
  return {
    ntlmv1: smb1 && options.smb1?.ntlmv1 === true,
    anonymous: options.anonymous === true,
    guest: options.guest === true,
  };
}

/** A SPNEGO logon, as used by all dialects except the oldest form of SMB1. */
export function logonMechanism(core: ServerCore, smb1 = false): SpnegoServer {
  return new SpnegoServer({
    names: serverNames(core),
    store: core.accounts,
    policy: logonPolicy(core, smb1),
    random: core.random,
    now: () => filetimeFromMs(core.clock.now()),
  });
}
