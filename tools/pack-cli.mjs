// pack-cli.mjs: packs the built command line, with the packages it uses, into the few files of dist/packed. Node takes
// 0.2 s for loading 400 modules, whatever is in them; of what is here each command loads the part that it needs.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './setup.mjs';

const folder = join(root, 'dist', 'packed');
const ENTRY = 'main.cjs';
/** What the help needs. */
const BASE = /[\\/](?:commander[\\/].*|cli[\\/](?:exit|is-url|options|program|terminal)|tty[\\/]text)\.m?js$/;
/** Of the commands. */
const MANY = 16;
const SOME = 3;
const LICENCES = 'LICENSES.txt';

// A file costs a millisecond, however small: what goes together is together.
const codeSplitting = {
  includeDependenciesRecursively: false,
  groups: [
    { name: 'base', test: BASE, priority: 3 },
    { name: 'client', minShareCount: MANY, priority: 2 },
    { name: 'transfer', test: /[\\/]dist[\\/](?:transfer|trees|cli)[\\/]/, minShareCount: SOME, priority: 1 },
  ],
};

async function pack(entry, settings) {
  const bundle = await rolldown({
    cwd: root,
    input: join('dist', 'cli', entry),
    platform: 'node',
    // Chunks export to each other; nobody else imports them.
    preserveEntrySignatures: 'allow-extension',
    // Optional, and binary: it stays a package.
    external: ['koffi'],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  // CommonJS: Node loads that in half the time, and V8's code for it can be kept (src/cli/packed.ts).
  const { output } = await bundle.generate({
    format: 'cjs',
    // Scripts import nothing, unless by an experiment of Node's that it warns of.
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    sourcemap: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    ...settings,
  });
  await bundle.close();
  return output;
}

const output = [...(await pack('start.js', { codeSplitting })), ...(await pack('main.js', {}))];

/** The licences of the packages that are in it want to come along. */
function licences() {
  const homes = new Map();
  for (const id of output.flatMap((file) => Object.keys(file.modules ?? {}))) {
    const [, home, name] = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(id) ?? [];
    if (name !== undefined) homes.set(name.replace('\\', '/'), home);
  }
  const texts = [...homes].sort().map(([name, home]) => {
    const file = readdirSync(home).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence to go with it`);
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(join(home, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

// The entry last, and what was there before goes after it: who starts meanwhile finds one or the other.
const files = new Map(output.map((file) => [file.fileName, file.code ?? file.source]));
const hash = createHash('sha256');
for (const text of files.values()) hash.update(text);
const entry = files.get(ENTRY);
files.delete(ENTRY);
files.set('VERSION', hash.digest('hex').slice(0, 16));
files.set(LICENCES, licences()).set(ENTRY, entry);
mkdirSync(folder, { recursive: true });
for (const [name, text] of files) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
chmodSync(join(folder, ENTRY), 0o755);
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
