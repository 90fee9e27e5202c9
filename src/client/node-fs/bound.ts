/**
 * Makes the methods of an object its own and independent of how they are called, as the functions of a module are: code
 * takes them out (`const { readFile } = fs`), spreads them (`{ ...fs }`), and hands them on.
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
