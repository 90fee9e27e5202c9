import { fileURLToPath } from 'node:url';

/** The folder of package.json, relative to build/test. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));
