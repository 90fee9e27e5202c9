/** Maps codes, or single bits of flag fields, to readable names: `{ 3: 'SMB2_TREE_CONNECT' }`. */
export type NameTable = Readonly<Record<number, string>>;

/** Turns a table of codes into a name table: `{ ReadData: 1 }` becomes `{ 1: 'READ_DATA' }`, after `prefix`. */
export function namesOf(codes: Readonly<Record<string, number>>, prefix = ''): NameTable {
  const names: Record<number, string> = {};
  for (const [name, code] of Object.entries(codes)) names[code] ??= prefix + screaming(name);
  return names;
}

/** Converts camelCase or PascalCase to the specifications' spelling: `ReadEa` becomes `READ_EA`. */
export function screaming(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toUpperCase();
}

/** `SIGNED|ASYNC_COMMAND|0x40`; `0` for none. */
export function flagText(value: number, bits: NameTable): string {
  if (value === 0) return '0';
  const found: string[] = [];
  let unknown = value >>> 0;
  for (const key of Object.keys(bits)) {
    const bit = Number(key) >>> 0;
    if (bit !== 0 && (value & bit) >>> 0 === bit) {
      found.push(bits[bit] as string);
      unknown = (unknown & ~bit) >>> 0;
    }
  }
  if (unknown !== 0) found.push(`0x${unknown.toString(16)}`);
  return found.join('|');
}
