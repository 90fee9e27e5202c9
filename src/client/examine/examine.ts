import type { Environment } from '../connection.js';
import { machine, openLink } from '../connection.js';
import type { ServerIdentity } from '../connection-info.js';
import { errnoCode } from '../errors.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { type Finding, finding } from './finding.js';

/** The result of examining a server. */
export interface Examination {
  readonly host: string;
  readonly port: number;
  /** In reading order. */
  readonly findings: readonly Finding[];
  /** What the server says about itself, if a logon got that far. */
  readonly server: ServerIdentity | undefined;
}

/**
 * Reports what a server offers and requires (dialects, algorithms, who may log on, limits, clock) and what each finding
 * means. Makes some twenty short connections. The dialect, signing and encryption options are ignored. NTLMv1 is tried
 * only with `smb1: { ntlmv1: true }`: anyone who sees the response, including the server itself, can recover the
 * password within hours.
 *
 * @example
 * for (const { title, value, means } of (await examine('smb://ann:secret@nas')).findings) console.log(title, value, means)
 */
export async function examine(url: string | URL, options: ConnectOptions = {}): Promise<Examination> {
  return examineFrom(url, options, machine);
}

/** Like `examine`, with the given clock and network. */
async function examineFrom(url: string | URL, options: ConnectOptions, environment: Environment): Promise<Examination> {
  const given = settingsFrom(url, options);
  const { dialects } = settingsFrom(url, { ...options, dialects: {} });
  const settings = { ...given, dialects, signing: 'enabled', encryption: 'enabled', ntlmv1: 'never' } as const;
  const { host, port } = settings;
  const before = environment.clock.now();
  try {
    (await openLink(settings, environment)).end();
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    const means = error instanceof Error ? error.message : String(error);
    return { host, port, findings: [finding('reachable', 'reachable', false, 'bad', means)], server: undefined };
  }
  const took = Math.round(environment.clock.now() - before);
  const reachable = finding('reachable', 'reachable', `in ${took} ms`, 'good', 'somebody takes connections there');
  const [{ examineOffers }, { serverFindings }, { examineLogons, identityFindings }] = await Promise.all([
    import('./offers.js'),
    import('./server.js'),
    import('./logons.js'),
  ]);
  const { findings, best } = await examineOffers(settings, environment);
  const known = best ? serverFindings(best) : [];
  const all = [reachable, ...findings, ...known];
  if (!best && !findings.some(({ value }) => value === true)) {
    const means = 'whoever answers there knows no dialect of SMB: is it the right port?';
    return { host, port, findings: [...all, finding('smb', 'SMB', false, 'bad', means)], server: undefined };
  }
  const dialectsThere = best ? settings.dialects : settingsFrom(url, { ...options, dialects: { min: 'NT1' } }).dialects;
  const logons = await examineLogons({ ...settings, dialects: dialectsThere }, environment, given.ntlmv1 !== 'never');
  const server = logons.info?.server;
  return { host, port, findings: [...all, ...logons.findings, ...(server ? identityFindings(server) : [])], server };
}
