import type { LogonPolicy } from '#auth/logon.js';
import type { ServerNames } from '#auth/ntlm-server.js';
import { SpnegoServer } from '#auth/spnego-server.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { ServerCore } from './core.js';

/** What the server calls itself in NTLM: a stand-alone machine is its own domain. */
export function serverNames(core: ServerCore): ServerNames {
  const dns = core.name.toLowerCase();
  return { netbiosName: core.name, netbiosDomain: core.name, dnsName: dns, dnsDomain: '' };
}

/** Whom the server lets in. `smb1`: old ways of proving who one is count there only. */
export function logonPolicy(core: ServerCore, smb1: boolean): LogonPolicy {
  const { options } = core;
  return {
    ntlmv1: smb1 && options.smb1?.ntlmv1 === true,
    anonymous: options.anonymous === true,
    guest: options.guest === true,
  };
}

/** A logon by SPNEGO, as all dialects but SMB1's oldest form do it. */
export function logonMechanism(core: ServerCore, smb1 = false): SpnegoServer {
  return new SpnegoServer({
    names: serverNames(core),
    store: core.accounts,
    policy: logonPolicy(core, smb1),
    random: core.random,
    now: () => filetimeFromMs(core.clock.now()),
  });
}
