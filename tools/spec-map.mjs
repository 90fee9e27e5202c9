// spec-map.mjs [--print]: writes docs/spec-map.md from the references in the sources, or prints what it would write.
//
// A reference is a document in brackets and one or more section numbers: `[MS-SMB2] 2.2.19 SMB2 READ Request.` on a
// type, `// [MS-SMB2] 3.3.5.2.4 and 3.3.5.2.9` at a check. A section counts as tested where a test names it, a file
// where a test imports it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = 'docs/spec-map.md';
const DOCUMENT = /\[(MS-[A-Z0-9]+|POSIX-SMB2|C706|RFC ?\d{3,4})\](?:\.pdf)? (?:sections? )?(?=\d)/g;
const SECTIONS = /^\d+(?:\.\d+)*(?:(?:,? and |, | to )\.?\d+(?:\.\d+)*)*/;
const TITLES = {
  C706: 'DCE 1.1: Remote Procedure Call',
  'MS-CIFS': 'Common Internet File System',
  'MS-DFSC': 'Distributed File System: Referral Protocol',
  'MS-DTYP': 'Windows Data Types',
  'MS-ERREF': 'Windows Error Codes',
  'MS-FSA': 'File System Algorithms',
  'MS-FSCC': 'File System Control Codes',
  'MS-NLMP': 'NT LAN Manager Authentication Protocol',
  'MS-RPCE': 'Remote Procedure Call Protocol Extensions',
  'MS-RSVD': 'Remote Shared Virtual Disk Protocol',
  'MS-SMB': 'Server Message Block Protocol',
  'MS-SMB2': 'Server Message Block Protocol Versions 2 and 3',
  'MS-SPNG': 'Simple and Protected GSS-API Negotiation Mechanism Extension',
  'MS-SRVS': 'Server Service Remote Protocol',
  'POSIX-SMB2': 'SMB3 POSIX Extensions',
  RFC1002: 'NetBIOS service: detailed specifications',
  RFC4178: 'SPNEGO',
};

function sourcesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.ts$/.test(name) && !/\.d\.ts$/.test(name))
    .sort();
}

const read = (path) => readFileSync(join(root, path), 'utf8');
const isTest = (path) =>
  path.startsWith('test/') || path.startsWith('src/testing/') || /\.test\.(?:\w+\.)?ts$/.test(path);

/** In `3.3.5.9.3 to .13` the second item names its last part only: the others are those of the first. */
function completed(section, first) {
  if (!section.startsWith('.')) return section;
  const parts = section.slice(1).split('.');
  return [...first.split('.').slice(0, -parts.length), ...parts].join('.');
}

/** A title stands at the start of a doc comment, up to the first stop; that of a class wins over others. */
function titleIn(text, match, list) {
  if (!/(?:\/\*\*|^ \*) $/m.test(text.slice(Math.max(0, match.index - 5), match.index))) return undefined;
  const from = match.index + match[0].length + list.length;
  const title = /^ ([A-Z](?:[^\n.:;]|[.:](?=\S))*)/.exec(text.slice(from, from + 200))?.[1];
  if (title === undefined) return undefined;
  const ofClass = /\*\/\nexport (?:abstract )?class /.exec(text.slice(from))?.index === text.slice(from).indexOf('*/');
  const rank = ofClass ? 2 : 1;
  // One type may be two structures: `2.2.13.2.8 A and 2.2.14.2.10 B`.
  const [own, ...more] = title.trim().split(/,? (?:and|with) (?=\d+\.\d)/);
  const others = more.map((other) => {
    const [section, ...words] = other.split(' ');
    return { section, title: { text: words.join(' '), rank, others: [] } };
  });
  return { text: own, rank, others };
}

/** The references of a text: document, section, and its title where there is one. */
function references(text) {
  const found = [];
  for (const match of text.matchAll(DOCUMENT)) {
    const document = match[1].replace(' ', '');
    const from = match.index + match[0].length;
    const list = SECTIONS.exec(text.slice(from, from + 200))[0];
    const numbers = list.match(/\.?\d+(?:\.\d+)*/g);
    const title = numbers.length === 1 ? titleIn(text, match, list) : undefined;
    for (const number of numbers) found.push({ document, section: completed(number, numbers[0]), title });
    if (title) found.push(...title.others.map((other) => ({ document, ...other })));
  }
  return found;
}

/** The sources that a test imports. */
function importsOf(path) {
  const specifiers = Array.from(read(path).matchAll(/from '([^']+)'/g), ([, specifier]) => specifier);
  return specifiers.flatMap((specifier) => {
    const file = specifier.replace(/\.js$/, '.ts');
    if (file.startsWith('#')) return [`src/${file.slice(1)}`];
    return file.startsWith('.') ? [posix.join(posix.dirname(path), file)] : [];
  });
}

/** Section numbers as numbers, so that 2.2.9 comes before 2.2.10. */
function bySection(a, b) {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What tests import, and the sections that they name. */
function readTests(paths) {
  const imported = new Set();
  const named = new Set();
  for (const path of paths) {
    for (const file of importsOf(path)) imported.add(file);
    for (const { document, section } of references(read(path))) named.add(`${document} ${section}`);
  }
  return { imported, named };
}

/** Document to section to title and files. */
function readSources(paths) {
  const documents = new Map();
  for (const path of paths) {
    for (const { document, section, title } of references(read(path))) {
      const sections = documents.get(document) ?? new Map();
      documents.set(document, sections);
      const row = sections.get(section) ?? { title: undefined, files: new Set() };
      sections.set(section, row);
      if ((title?.rank ?? 0) > (row.title?.rank ?? 0)) row.title = title;
      row.files.add(path);
    }
  }
  return documents;
}

function lineOf(section, { title, files }, isNamed, imported) {
  const shown = [...files].sort();
  const tested = shown.filter((file) => imported.has(file)).length;
  const verdict = isNamed ? 'named' : tested === shown.length ? 'yes' : tested > 0 ? 'partly' : '';
  const list = shown.map((file) => file.replace(/^src\//, '')).join('<br>');
  return `| ${section} | ${(title?.text ?? '').replaceAll('|', '\\|')} | ${list} | ${verdict} |`;
}

function render(documents, { imported, named }) {
  let text = `# Where the specifications are in the code

Made by \`npm run spec-map\` from the references in \`src\`; do not edit. Files are below \`src/\`.

*Test*: **named** – a test names the section; **yes** – a test imports each of the files; **partly** – some of them;
empty – no test imports them, which says nothing of tests that reach them through the whole server or client.
`;
  for (const document of [...documents.keys()].sort()) {
    const title = TITLES[document];
    text += `\n## [${document}]${title ? ` ${title}` : ''}\n\n| section | title | files | test |\n|---|---|---|---|\n`;
    const sections = documents.get(document);
    for (const section of [...sections.keys()].sort(bySection)) {
      text += `${lineOf(section, sections.get(section), named.has(`${document} ${section}`), imported)}\n`;
    }
  }
  return text;
}

const sources = sourcesUnder('src');
const tests = [...sources.filter(isTest), ...sourcesUnder('test')];
const text = render(readSources(sources.filter((path) => !isTest(path))), readTests(tests));
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(join(root, OUTPUT), text);
