import type { Random } from '#engine/transport.js';
import { Handles } from './handles.js';

/** An association group: connections of one client that share context handles ([C706] 9.3.2). */
export interface AssociationGroup {
  readonly id: number;
  readonly handles: Handles;
  members: number;
}

/** Association groups of a session; other sessions cannot refer to them. */
export class AssociationGroups {
  readonly #random: Random;
  readonly #groups = new Map<number, AssociationGroup>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Joins the group with this id, or a new one for id 0; undefined if it does not exist. */
  join(id: number): AssociationGroup | undefined {
    const group = id === 0 ? this.#begin() : this.#groups.get(id);
    if (group !== undefined) group.members++;
    return group;
  }

  leave(group: AssociationGroup): void {
    group.members--;
    if (group.members === 0) this.#groups.delete(group.id);
  }

  #begin(): AssociationGroup {
    let id = 0;
    while (id === 0 || this.#groups.has(id)) id = new DataView(this.#random(4).slice().buffer).getUint32(0);
    const group = { id, handles: new Handles(this.#random), members: 0 };
    this.#groups.set(id, group);
    return group;
  }
}
