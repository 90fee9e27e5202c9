import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SymbolicLinkError } from '#wire/smb2/error-data/symbolic-link.js';
import { OutcomeUnknown } from '../lasting/outcome.js';
import type { Control } from '../protocol.js';
import type { Patience } from './patience.js';
import { isUnreachable, type Place, type Places } from './places.js';
import type { Referral, ReferralCache } from './referral-cache.js';
import { followSymlink } from './symlink.js';
import { joinWire, sameName, type UncPath, uncText } from './unc-path.js';

/** Most links on the way to a file, DFS and symbolic links together. */
const MAX_LINKS = 24;
const SMB_PORT = 445;

/** A resolved path: the share it is on, and its name there. */
export interface Spot {
  readonly place: Place;
  readonly path: string;
}

export interface ResolverTerms {
  readonly home: Place;
  readonly places: Places;
  readonly referrals: ReferralCache;
  /** Whether symbolic links are followed, within the share. */
  readonly symlinks: boolean;
  /** The time limit for finding a target that answers among those of one link. */
  readonly patience: () => Patience;
}

/** Resolves the paths of a share and runs operations where they lead. */
export class Resolver {
  readonly #home: Place;
  readonly #places: Places;
  readonly #referrals: ReferralCache;
  readonly #symlinks: boolean;
  readonly #patience: () => Patience;

  constructor({ home, places, referrals, symlinks, patience }: ResolverTerms) {
    this.#home = home;
    this.#places = places;
    this.#referrals = referrals;
    this.#symlinks = symlinks;
    this.#patience = patience;
  }

  /** True while no DFS link is known: all paths are on the home share. */
  get plain(): boolean {
    return this.#referrals.size === 0;
  }

  /** Runs an operation on a path, and again elsewhere whenever a server says that the path leads there. */
  async at<T>(path: string, control: Control | undefined, work: (spot: Spot) => Promise<T>): Promise<T> {
    const { server, port, share } = this.#home;
    let wanted: UncPath = { server, port, share, path };
    for (let links = 0; links <= MAX_LINKS; links++) {
      const spot = this.plain && links === 0 ? { place: this.#home, path } : await this.#locate(wanted, control ?? {});
      const done = this.#places.use(spot.place);
      try {
        return await work(spot);
      } catch (error) {
        wanted = await this.#onwards(error, spot, control ?? {});
      } finally {
        done();
      }
    }
    throw circle(path);
  }

  /** Resolves a path through the known links, to the first target that can be reached. */
  async #locate(wanted: UncPath, control: Control): Promise<Spot> {
    let at = wanted;
    for (let links = 0; links <= MAX_LINKS; links++) {
      const found = this.#referrals.find(uncText(at));
      if (!found) return { place: await this.#reach(at, control), path: at.path };
      const next = await this.#throughLink(at, found, control);
      // A root that leads to where we already are.
      if (sameName(uncText(next), uncText(at)) && next.port === at.port) {
        return { place: await this.#reach(at, control), path: at.path };
      }
      at = next;
    }
    throw circle(wanted.path);
  }

  async #throughLink(at: UncPath, referral: Referral, control: Control): Promise<UncPath> {
    const rest = uncText(at).slice(referral.prefix.length + 1);
    const target = await this.#living(referral, at, control);
    return { ...target, port: this.#portOf(target, at), path: joinWire(target.path, rest) };
  }

  /** The current target, or the next one that can be reached. */
  async #living(referral: Referral, from: UncPath, control: Control): Promise<UncPath> {
    const errors: unknown[] = [];
    const { targets } = referral;
    const withPort = (target: UncPath): UncPath & { port: number } => ({ ...target, port: this.#portOf(target, from) });
    if (this.#isThere(withPort(referral.target))) return referral.target;
    const patience = this.#patience();
    for (let tried = 1; tried <= targets.length && !patience.isOver; tried++) {
      const { target } = referral;
      try {
        const isLast = tried === targets.length;
        await patience.spend(isLast, control.signal, (signal) => this.#reach(withPort(target), { signal }));
        return target;
      } catch (error) {
        if (!isUnreachable(error) || control.signal?.aborted) throw error;
        errors.push(error);
        referral.passOver(target);
      }
    }
    // A new referral may list other targets.
    this.#referrals.forget(referral);
    throw unreachable(referral, errors);
  }

  /** Referrals have no port: use the one at which this server was reached before, or 445. */
  #portOf(target: UncPath, from: UncPath): number {
    if (target.port !== undefined) return target.port;
    for (const { server, port } of [from, this.#home]) {
      if (port !== undefined && sameName(server, target.server)) return port;
    }
    return SMB_PORT;
  }

  #isHome({ server, port, share }: UncPath): boolean {
    const home = this.#home;
    return port === home.port && sameName(server, home.server) && sameName(share, home.share);
  }

  #isThere(where: UncPath & { port: number }): boolean {
    return this.#isHome(where) || this.#places.there(where) !== undefined;
  }

  async #reach({ server, port = SMB_PORT, share }: UncPath, control: Control): Promise<Place> {
    const where = { server, port, share };
    return this.#isHome({ ...where, path: '' }) ? this.#home : this.#places.at(where, control);
  }

  /** The path to try next after an error; rethrows the error if it does not lead anywhere. */
  async #onwards(error: unknown, { place, path }: Spot, control: Control): Promise<UncPath> {
    const { server, port, share } = place;
    // OutcomeUnknown is raised over a connection that has been re-established already.
    const lost = error instanceof ConnectionLost && !(error instanceof OutcomeUnknown);
    const gone = lost && place.connection.lost !== undefined;
    if (gone && place !== this.#home) await this.#places.drop(place);
    if (!(error instanceof StatusError)) throw error;
    if (error.status === NtStatus.PathNotCovered) {
      const asked = uncText({ server, share, path });
      const response = await place.connection.referral(asked, control);
      const referral = response && this.#referrals.add(asked, response);
      if (!referral) throw error;
      return { server, port, share, path };
    }
    if (this.#symlinks && error.status === NtStatus.StoppedOnSymlink && error.data instanceof SymbolicLinkError) {
      return { server, port, share, path: followSymlink(path, error.data, { server, share }) };
    }
    throw error;
  }
}

function circle(path: string): StatusError {
  const hint = 'too many links lie on the way: do they lead in a circle?';
  return new StatusError(NtStatus.StoppedOnSymlink, { path, hint });
}

function unreachable({ prefix, targets }: Referral, errors: readonly unknown[]): ConnectionLost {
  const names = targets.map((target) => `\\${uncText(target)}`).join(', ');
  const [first] = errors;
  const why = first instanceof Error ? `: ${first.message}` : '';
  return new ConnectionLost(`\\${prefix} is a DFS link, and none of its targets (${names}) can be reached${why}`, {
    code: 'SMB_DFS_UNREACHABLE',
    cause: errors.length > 1 ? new AggregateError(errors, 'the targets of the link, in order') : first,
  });
}
