/**
 * Binds the methods of an object to it, so that they work like the functions of a module: they can be destructured
 * (`const { readFile } = fs`), spread (`{ ...fs }`) and passed on.
 */
export function bindMethods(object: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object)))) {
    if (name === 'constructor' || typeof value !== 'function') continue;
    Object.defineProperty(object, name, {
      value: value.bind(object),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}
