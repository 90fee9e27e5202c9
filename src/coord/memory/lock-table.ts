import { isSameOwner } from '../byte-range.js';
import type { ByteRange, HeldLock, LockOwner } from '../locks.js';

/** A lock as a tree node: locks at lower offsets are in the left subtree, the others in the right one. */
export class LockNode {
  readonly lock: HeldLock;
  readonly end: bigint;
  /** Distinguishes locks at the same offset: later ones are greater. */
  readonly order: number;
  left: LockNode | undefined;
  right: LockNode | undefined;
  height = 1;
  /** Largest end of all ranges in this subtree. */
  reach: bigint;
  /** The owner of all locks in this subtree; undefined if there are several. */
  sole: LockOwner | undefined;

  constructor(lock: HeldLock, order: number) {
    this.lock = lock;
    this.end = lock.offset + lock.length;
    this.order = order;
    this.reach = this.end;
    this.sole = lock;
  }
}

/**
 * Byte-range locks held on one stream. Shared and exclusive locks are each kept in a balanced interval tree by offset,
 * where a node knows how far its subtree reaches, so a conflict is found in time proportional to the tree's height.
 */
export class LockTable {
  #exclusive: LockNode | undefined;
  #shared: LockNode | undefined;
  /** Oldest first. */
  readonly #all = new Set<LockNode>();
  #last = 0;

  get size(): number {
    return this.#all.size;
  }

  *locks(): Generator<HeldLock> {
    for (const { lock } of this.#all) yield lock;
  }

  add(lock: HeldLock): LockNode {
    const node = new LockNode(lock, ++this.#last);
    this.#all.add(node);
    if (lock.exclusive) this.#exclusive = inserted(this.#exclusive, node);
    else this.#shared = inserted(this.#shared, node);
    return node;
  }

  remove(node: LockNode): void {
    if (!this.#all.delete(node)) return;
    if (node.lock.exclusive) this.#exclusive = removed(this.#exclusive, node);
    else this.#shared = removed(this.#shared, node);
  }

  /** The oldest lock with exactly this range and owner, an exclusive one before a shared one. */
  find(owner: LockOwner, range: ByteRange): LockNode | undefined {
    return exact(this.#exclusive, owner, range) ?? exact(this.#shared, owner, range);
  }

  /** Held locks of one kind that overlap a range, by offset. */
  meeting(range: ByteRange, exclusive: boolean): HeldLock[] {
    return [...within(exclusive ? this.#exclusive : this.#shared, range)];
  }

  /** Whether a held lock conflicts with a new one. A shared lock may overlap an exclusive one of the same owner. */
  refuses(wanted: HeldLock): boolean {
    if (!wanted.exclusive) return meets(this.#exclusive, wanted, wanted);
    return meets(this.#exclusive, wanted, undefined) || meets(this.#shared, wanted, undefined);
  }

  /** Whether a held lock conflicts with reading or writing. A shared lock blocks writes by its own owner, too. */
  blocks(owner: LockOwner, range: ByteRange, write: boolean): boolean {
    return meets(this.#exclusive, range, owner) || (write && meets(this.#shared, range, undefined));
  }
}

/**
 * [MS-FSA] 2.1.4.10 Algorithm for Determining If a Range Access Conflicts with Byte-Range Locks. Ignores locks
 * of `but`. An empty range conflicts only with locks that extend on both sides of it.
 */
function meets(node: LockNode | undefined, range: ByteRange, but: LockOwner | undefined): boolean {
  if (node === undefined || node.reach <= range.offset) return false;
  if (but !== undefined && node.sole !== undefined && isSameOwner(node.sole, but)) return false;
  if (meets(node.left, range, but)) return true;
  if (node.lock.offset >= range.offset + range.length) return false;
  const counts = but === undefined || !isSameOwner(node.lock, but);
  return (counts && node.end > range.offset) || meets(node.right, range, but);
}

function* within(node: LockNode | undefined, range: ByteRange): Generator<HeldLock> {
  if (node === undefined || node.reach <= range.offset) return;
  yield* within(node.left, range);
  if (node.lock.offset >= range.offset + range.length) return;
  if (node.end > range.offset) yield node.lock;
  yield* within(node.right, range);
}

function exact(node: LockNode | undefined, owner: LockOwner, range: ByteRange): LockNode | undefined {
  if (node === undefined) return undefined;
  const { lock } = node;
  if (lock.offset > range.offset) return exact(node.left, owner, range);
  if (lock.offset < range.offset) return exact(node.right, owner, range);
  const older = exact(node.left, owner, range);
  if (older) return older;
  if (lock.length === range.length && isSameOwner(lock, owner)) return node;
  return exact(node.right, owner, range);
}

function isBefore(one: LockNode, other: LockNode): boolean {
  const [a, b] = [one.lock.offset, other.lock.offset];
  return a < b || (a === b && one.order < other.order);
}

function inserted(node: LockNode | undefined, fresh: LockNode): LockNode {
  if (node === undefined) return fresh;
  if (isBefore(fresh, node)) node.left = inserted(node.left, fresh);
  else node.right = inserted(node.right, fresh);
  return balanced(node);
}

function removed(node: LockNode | undefined, gone: LockNode): LockNode | undefined {
  if (node === undefined) return undefined;
  if (node === gone) return joined(node.left, node.right);
  if (isBefore(gone, node)) node.left = removed(node.left, gone);
  else node.right = removed(node.right, gone);
  return balanced(node);
}

/** Joins two trees; all of the first one comes before the second. */
function joined(left: LockNode | undefined, right: LockNode | undefined): LockNode | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const [first, rest] = withoutFirst(right);
  first.left = left;
  first.right = rest;
  return balanced(first);
}

function withoutFirst(node: LockNode): [first: LockNode, rest: LockNode | undefined] {
  if (node.left === undefined) return [node, node.right];
  const [first, rest] = withoutFirst(node.left);
  node.left = rest;
  return [first, balanced(node)];
}

/** Rebalances a node: subtree heights differ by one at most. */
function balanced(node: LockNode): LockNode {
  const lean = heightOf(node.left) - heightOf(node.right);
  const { left, right } = node;
  if (lean > 1 && left) {
    if (heightOf(left.left) < heightOf(left.right)) node.left = turnedLeft(left);
    return turnedRight(node);
  }
  if (lean < -1 && right) {
    if (heightOf(right.right) < heightOf(right.left)) node.right = turnedRight(right);
    return turnedLeft(node);
  }
  sumUp(node);
  return node;
}

function turnedLeft(node: LockNode): LockNode {
  const top = node.right;
  if (top === undefined) return node;
  node.right = top.left;
  top.left = node;
  sumUp(node);
  sumUp(top);
  return top;
}

function turnedRight(node: LockNode): LockNode {
  const top = node.left;
  if (top === undefined) return node;
  node.left = top.right;
  top.right = node;
  sumUp(node);
  sumUp(top);
  return top;
}

function heightOf(node: LockNode | undefined): number {
  return node?.height ?? 0;
}

function sumUp(node: LockNode): void {
  const { left, right, lock } = node;
  node.height = Math.max(heightOf(left), heightOf(right)) + 1;
  node.reach = node.end;
  node.sole = lock;
  for (const side of [left, right]) {
    if (side === undefined) continue;
    if (side.reach > node.reach) node.reach = side.reach;
    if (side.sole === undefined || !isSameOwner(side.sole, lock)) node.sole = undefined;
  }
}
