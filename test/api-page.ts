/** One declaration or member: the lines of its doc comment, and its text without it. */
interface Entry {
  readonly doc: readonly string[];
  readonly text: string;
}

const OPENING = /[({[]/g;
const CLOSING = /[)}\]]/g;

/** Brackets that a line leaves open. Unbalanced brackets do not occur in strings. */
function depthOf(line: string): number {
  return (line.match(OPENING)?.length ?? 0) - (line.match(CLOSING)?.length ?? 0);
}

/** Splits declarations of one indentation, each with the comment before it. */
function entriesOf(lines: readonly string[], indent: string): Entry[] {
  const entries: Entry[] = [];
  let doc: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).slice(indent.length);
    if (line.startsWith('/**')) {
      const start = i;
      while (!lines[i]?.includes('*/')) i++;
      doc = lines
        .slice(start, i + 1)
        .map((text) => text.replace(/^\s*(?:\/\*\*|\*\/|\*) ?/, '').replace(/ ?\*\/$/, ''));
      continue;
    }
    if (line.trim() === '') continue;
    const start = i;
    let depth = depthOf(line);
    while (depth > 0 && i + 1 < lines.length) depth += depthOf(lines[++i] as string);
    const text = lines.slice(start, i + 1).map((one) => one.slice(indent.length));
    entries.push({
      doc: doc.filter((one, at) => one !== '' || (at > 0 && at < doc.length - 1)),
      text: text.join('\n'),
    });
    doc = [];
  }
  return entries;
}

/** Names that the entry point exports, in the order of its files. */
function exportedNames(index: string): Set<string> {
  const names = new Set<string>();
  for (const [, list = ''] of index.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const item of list.split(',')) {
      const name = item
        .trim()
        .replace(/^type /, '')
        .split(' as ')
        .at(-1)
        ?.trim();
      if (name) names.add(name);
    }
  }
  return names;
}

/** A comment as Markdown; examples become code blocks. */
function markdown(doc: readonly string[]): string {
  const text = doc.join('\n').trim();
  const [before = '', ...examples] = text.split(/^@example ?/m);
  return [before.trim(), ...examples.map((example) => `\`\`\`ts\n${example.trim()}\n\`\`\``)]
    .filter(Boolean)
    .join('\n\n');
}

function memberText({ doc, text }: Entry): string {
  const plain = text
    .replace(/^readonly /, '')
    .replace(/;$/, '')
    .replace(/\s+/g, ' ');
  const said = markdown(doc).replace(/\n/g, '\n  ');
  return `- \`${plain}\`${said === '' ? '' : `\\\n  ${said}`}`;
}

function blockText(name: string, kind: string, { doc, text }: Entry): string {
  const lines = text.split('\n');
  const head = (lines[0] as string).replace(/^export (?:declare )?/, '').replace(/ \{\}?$/, '');
  const members = entriesOf(lines.slice(1, -1), '    ').filter(
    (member) => !/^(?:#private|private |constructor\()/.test(member.text),
  );
  const parts = [`## ${kind} ${name}`, head === `${kind} ${name}` ? '' : `\`${head}\``, markdown(doc)];
  return [...parts, members.map(memberText).join('\n')].filter(Boolean).join('\n\n');
}

function sectionOf(entry: Entry, wanted: ReadonlySet<string>): string | undefined {
  const found = /^export (?:declare )?(?:abstract )?(class|interface|type|function|const) (\w+)/.exec(entry.text);
  const [, kind = '', name = ''] = found ?? [];
  if (!wanted.has(name)) return undefined;
  if ((kind === 'class' || kind === 'interface') && entry.text.includes('\n')) return blockText(name, kind, entry);
  const code = entry.text.replace(/^export (?:declare )?/, '');
  return [`## ${kind} ${name}`, `\`\`\`ts\n${code}\n\`\`\``, markdown(entry.doc)].filter(Boolean).join('\n\n');
}

/** A readable page made of an entry point's declarations in `docs/api`: everything exported, with its comments. */
export function apiPage(name: string, declarations: string): string {
  const [index = '', ...files] = declarations.split(/^(?=\/\/ \S+\.d\.ts$)/m);
  const wanted = exportedNames(index);
  const own = entriesOf(
    index.split('\n').filter((line) => !/^(?:\/\/|import |export (?:type )?\{)/.test(line)),
    '',
  );
  const sections: string[] = [];
  for (const entry of own) {
    const declared = /^export (?:declare )?\w+ (\w+)/.exec(entry.text)?.[1];
    const section = sectionOf(entry, new Set(declared ? [declared] : []));
    if (section) sections.push(section);
  }
  for (const file of files) {
    const lines = file.split('\n').filter((line) => !/^(?:\/\/ \S+\.d\.ts|import |export \{)/.test(line));
    for (const entry of entriesOf(lines, '')) {
      const section = sectionOf(entry, wanted);
      if (section) sections.push(section);
    }
  }
  const made = 'Made from the doc comments; see `test/public-api.test.ts`.';
  return `# sombrero/${name}\n\n${made}\n\n${sections.join('\n\n')}\n`;
}
