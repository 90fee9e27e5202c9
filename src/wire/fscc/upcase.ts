const FINAL_SIGMA = 0x3c2;

let table: Uint16Array | undefined;

/**
 * Converts one UTF-16 unit to upper case, if that is a single unit that maps back: so ß, µ, ı, ſ and the title-case
 * digraphs stay, as in the tables of NTFS and Samba. Nothing outside ASCII becomes ASCII.
 */
function upcaseUnit(unit: number): number {
  const text = String.fromCharCode(unit);
  const upper = text.toUpperCase();
  if (upper.length !== 1 || upper === text) return unit;
  return upper.toLowerCase() === text || unit === FINAL_SIGMA ? upper.charCodeAt(0) : unit;
}

function makeTable(): Uint16Array {
  const units = new Uint16Array(0x10000);
  for (let unit = 0; unit < units.length; unit++) units[unit] = upcaseUnit(unit);
  return units;
}

/** A name in upper case, unit by unit and independent of locale: names are equal if their upcase is. */
export function upcase(name: string): string {
  let ascii = true;
  for (let i = 0; ascii && i < name.length; i++) ascii = name.charCodeAt(i) < 0x80;
  if (ascii) return name.toUpperCase();
  table ??= makeTable();
  let out = '';
  for (let i = 0; i < name.length; i++) out += String.fromCharCode(table[name.charCodeAt(i)] as number);
  return out;
}
