import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Descriptors, Ea, ExtendedAttributes } from '../capabilities.js';
import { type AttributeStore, demandRoom, type NodeRef } from './attribute-store.js';
import type { LocalHandle } from './handle.js';
import type { ByteString } from './name-map.js';
import { attributeOfEa, checkEaName, eaNameOf } from './samba/names.js';
import { isDescriptor, readNtAcl, writeNtAcl } from './samba/nt-acl.js';

type RefOf = (handle: LocalHandle) => NodeRef;

/** [MS-FSCC] 2.4.15: largest total size of a file's extended attributes on Windows, in bytes. */
const LARGEST_EAS = 65_536;
/** Bytes per entry: EaNameLength, Flags, EaValueLength, NextEntryOffset, NUL. */
const EA_HEAD = 9;

/** Extended attributes stored as smbd does, in `user.NAME`. FILE_NEED_EA cannot be stored. */
export class LocalEas implements ExtendedAttributes<LocalHandle> {
  readonly #store: AttributeStore;
  readonly #refOf: RefOf;
  readonly #reserved: ByteString;

  /** `reserved`: the attribute that descriptors are kept in. */
  constructor(store: AttributeStore, refOf: RefOf, reserved: ByteString) {
    this.#store = store;
    this.#refOf = refOf;
    this.#reserved = reserved;
  }

  list(node: LocalHandle): Ea[] {
    const ref = this.#refOf(node);
    const found: Ea[] = [];
    for (const attribute of this.#store.names(ref)) {
      const name = eaNameOf(attribute, this.#reserved);
      const value = name === undefined ? undefined : this.#store.get(ref, attribute);
      // Windows considers an attribute without a value corrupt.
      if (name !== undefined && value !== undefined && value.length > 0) found.push({ name, flags: 0, value });
    }
    return found;
  }

  set(node: LocalHandle, changes: readonly Ea[]): void {
    for (const { name } of changes) demandName(name, this.#reserved);
    const ref = this.#refOf(node);
    const sizes = new Map(this.list(node).map(({ name, value }) => [name.toUpperCase(), { name, size: value.length }]));
    let total = 0;
    for (const { name, size } of sizes.values()) total += EA_HEAD + name.length + size;
    for (const { name, value } of changes) {
      const folded = name.toUpperCase();
      const before = sizes.get(folded);
      const attribute = attributeOfEa(before?.name ?? name);
      if (before !== undefined) total -= EA_HEAD + name.length + before.size;
      sizes.delete(folded);
      if (value.length === 0) {
        this.#store.remove(ref, attribute);
        continue;
      }
      total += EA_HEAD + name.length + value.length;
      const fits = total <= LARGEST_EAS && this.#store.set(ref, attribute, value);
      demandRoom(fits, NtStatus.EaTooLarge);
      sizes.set(folded, { name: before?.name ?? name, size: value.length });
    }
  }
}

function demandName(name: string, reserved: ByteString): void {
  const fault = checkEaName(name, reserved);
  if (fault === 'private') throw new StatusError(NtStatus.AccessDenied, { hint: name });
  if (fault === 'bad') throw new StatusError(NtStatus.InvalidEaName, { hint: name });
}

/** Security descriptors stored as smbd's acl_xattr does or, without the privilege for it, in the private directory. */
export class LocalDescriptors implements Descriptors<LocalHandle> {
  readonly #store: AttributeStore;
  readonly #refOf: RefOf;
  readonly #attribute: ByteString;

  constructor(store: AttributeStore, refOf: RefOf, attribute: ByteString) {
    this.#store = store;
    this.#refOf = refOf;
    this.#attribute = attribute;
  }

  get(node: LocalHandle): Uint8Array | undefined {
    const value = this.#store.get(this.#refOf(node), this.#attribute);
    return value && readNtAcl(value);
  }

  set(node: LocalHandle, descriptor: Uint8Array): void {
    if (!isDescriptor(descriptor)) throw new StatusError(NtStatus.InvalidSecurityDescr);
    demandRoom(this.#store.set(this.#refOf(node), this.#attribute, writeNtAcl(descriptor), 'large too'));
  }
}
