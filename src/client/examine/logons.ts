import { StatusError } from '#wire/erref/errors.js';
import { type Environment, openConnection } from '../connection.js';
import type { ConnectionInfo, ServerIdentity } from '../connection-info.js';
import { errnoCode } from '../errors.js';
import { Account, type Settings } from '../options.js';
import type { ClientConnection } from '../protocol.js';
import { sharesOf } from '../rpc/on-demand.js';
import type { ShareFacts } from '../share-facts.js';
import { type Finding, finding } from './finding.js';

/** The result of the logon attempts. */
export interface Logons {
  readonly findings: readonly Finding[];
  readonly info: ConnectionInfo | undefined;
}

/** Logs on with the account, anonymously, as a user that no server has, and with NTLMv1 if `ntlmv1`. */
export async function examineLogons(settings: Settings, environment: Environment, ntlmv1: boolean): Promise<Logons> {
  const findings: Finding[] = [];
  const own = settings.account.anonymous ? undefined : await tried(settings, environment, accountLooks);
  if (own) findings.push(...own.findings);
  const anonymous = await tried(as(settings, new Account('', '', '', true)), environment, anonymousLooks);
  findings.push(anonymous.error ? noAnonymous() : (anonymous.findings[0] as Finding));
  findings.push(guestFinding(await tried(as(settings, nobody(environment)), environment, async () => [])));
  // A guest is let in whatever the response, so trying NTLMv1 as one would prove nothing.
  if (own?.info && !own.info.guest) findings.push(ntlmv1 ? await ntlmFinding(settings, environment) : untried());
  return { findings, info: own?.info ?? anonymous.info };
}

interface Tried {
  readonly findings: readonly Finding[];
  readonly info: ConnectionInfo | undefined;
  /** Why the logon failed. */
  readonly error: Error | undefined;
}

type Look = (connection: ClientConnection, settings: Settings) => Promise<Finding[]>;

const as = (settings: Settings, account: Account): Settings => ({ ...settings, account });

/** A user name that no server has, so that no real account gets locked. */
function nobody({ random }: Environment): Account {
  const number = Array.from(random(4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return new Account(`nobody-${number}`, number, '');
}

async function tried(settings: Settings, environment: Environment, look: Look): Promise<Tried> {
  let connection: ClientConnection;
  try {
    connection = await openConnection({ ...settings, guest: true, signing: 'enabled' }, environment);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const why = finding('logon', `logon as ${who(settings)}`, false, 'bad', error.message);
    return { findings: [why], info: undefined, error };
  }
  try {
    return { findings: await look(connection, settings), info: connection.info, error: undefined };
  } finally {
    await connection.close();
  }
}

function who({ account }: Settings): string {
  return account.anonymous ? 'nobody' : account.user;
}

const accountLooks: Look = async (connection, settings) => {
  const { info } = connection;
  const logon = logonFinding(info, settings);
  const share = settings.share === undefined ? [] : [await shareFinding(connection, settings.share)];
  return [logon, ...share];
};

function logonFinding(info: ConnectionInfo, settings: Settings): Finding {
  const title = `logon as ${who(settings)}`;
  if (!info.guest) {
    const means = `the account is let in${info.encrypted ? ', and the server has everything encrypted' : ''}`;
    return finding('logon', title, true, 'good', means);
  }
  if (settings.guest)
    return finding('logon', title, true, 'neutral', 'a guest, as asked: nothing protects the messages');
  const means = 'wrong user or password: the server lets such users in as guests, whose messages nothing protects';
  return finding('logon', title, false, 'bad', means);
}

async function shareFinding(connection: ClientConnection, share: string): Promise<Finding> {
  try {
    const { facts, encrypted, protocol } = await connection.tree(share);
    await protocol.disconnect();
    const means = `the account is let into the share${encrypted ? ', which is encrypted' : ''}${traits(facts)}`;
    return finding('share', `share ${share}`, true, 'good', means);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return finding('share', `share ${share}`, false, 'bad', error.message);
  }
}

function traits(facts: ShareFacts): string {
  const names = [
    ...(facts.dfs ? ['parts of it lie elsewhere (DFS)'] : []),
    ...(facts.continuousAvailability ? ['open files survive the loss of a server'] : []),
    ...(facts.scaleOut || facts.cluster ? ['a cluster serves it'] : []),
    ...(facts.accessBasedEnumeration ? ['it hides what one may not read'] : []),
  ];
  return names.map((name) => `; ${name}`).join('');
}

const anonymousLooks: Look = async (connection) => {
  const shares = await sharesOf(connection, {}).catch((error: unknown) => {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  });
  const means = shares
    ? `nobody in particular is let in, and sees the list of ${shares.length} shares`
    : 'nobody in particular is let in, but does not see the list of shares';
  return [finding('anonymous', 'anonymous logon', true, shares ? 'bad' : 'neutral', means)];
};

function noAnonymous(): Finding {
  return finding('anonymous', 'anonymous logon', false, 'good', 'nobody is let in without a name');
}

function guestFinding({ error, info }: Tried): Finding {
  if (error) return finding('guest', 'guests', false, 'good', 'users that the server does not know are not let in');
  const means = info?.guest
    ? 'users that the server does not know are let in as guests, unsigned; Windows 11 refuses such servers'
    : 'users that the server cannot know are let in as if it knew them';
  return finding('guest', 'guests', true, 'bad', means);
}

/** An NTLMv1 response discloses the password to anyone who sees it, so this is tried only on request. */
function untried(): Finding {
  const means =
    'the server takes NTLMv2; whether it takes NTLMv1 as well is tried only on demand: whoever hears that has the password in hours';
  return finding('ntlm', 'NTLM', 'NTLMv2', 'neutral', means);
}

/** Only for an account that logged on before, for which one failed attempt does no harm. */
async function ntlmFinding(settings: Settings, environment: Environment): Promise<Finding> {
  const { error, info } = await tried({ ...settings, ntlmv1: 'always' }, environment, async () => []);
  const taken = !error && !info?.guest;
  // The failure may count as a wrong password; a successful logon resets the count.
  if (!taken) await tried(settings, environment, async () => []);
  const means = taken
    ? 'the server takes NTLMv1 too, which can be broken in hours: set it to take NTLMv2 only'
    : 'the server takes nothing older than NTLMv2';
  return finding('ntlm', 'NTLM', taken ? 'NTLMv1 and NTLMv2' : 'NTLMv2 only', taken ? 'bad' : 'good', means);
}

/** How the server identifies itself. */
export function identityFindings({ netbiosName, dnsName, netbiosDomain, osVersion, guid }: ServerIdentity): Finding[] {
  const name = dnsName ?? netbiosName;
  const domain = netbiosDomain === undefined || netbiosDomain === netbiosName ? '' : ` of ${netbiosDomain}`;
  return [
    finding('name', 'name', name, 'neutral', name ? `it calls itself ${name}${domain}` : 'it does not say its name'),
    finding('version', 'version', osVersion, 'neutral', versionMeans(osVersion)),
    finding('guid', 'GUID', guid, 'neutral', 'the same on all its addresses'),
  ];
}

function versionMeans(version: string | undefined): string {
  if (version === undefined) return 'it does not say its version';
  // Samba and others report 6.1, the version of Windows 7.
  return version.startsWith('6.1.') ? 'what Samba says, or a Windows of 2009' : 'that of Windows, as far as it is one';
}
