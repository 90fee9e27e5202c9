import type { Command } from 'commander';
import { load } from './program.js';

/** Escapes for roff: backslashes, hyphens, and a dot or quote at the start of a line. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

/** Lines shown as they are. */
function verbatim(text: string): string[] {
  return ['.nf', roff(text.replace(/^\n+|\n+$/g, '')), '.fi'];
}

/** The manual page of the whole command line, made from its help texts. */
export async function manPage(program: Command, version: string): Promise<string> {
  const commands = program.commands.filter((command) => !command.name().startsWith('__') && command.name() !== 'help');
  for (const command of commands) await load(command);
  const lines = [
    `.TH SOMBRERO 1 "" "sombrero ${version}" "User Commands"`,
    '.SH NAME',
    `sombrero \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    `${bold('sombrero')} \\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]`,
    '.SH PLACES',
    ...paragraphs([
      'Places on servers are smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH or \\\\HOST\\SHARE\\PATH.',
      'What they do not say comes from --user and --credentials, from the environment, or is asked for on a terminal. A password in a URL is taken out of the process list, but other programs may have seen it: the environment or a file is better.',
    ]),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH ENVIRONMENT',
    ...definition('SOMBRERO_USER', 'who logs on, where nothing else says so.'),
    ...definition('SOMBRERO_PASSWORD', 'the password, where nothing else says so.'),
    '.SH EXIT STATUS',
    ...definition('0', 'done.'),
    ...definition('1', 'the operation failed, or some of it: each failure is a line on standard error.'),
    ...definition('2', 'wrong usage.'),
    ...definition(
      '130, 143, 129',
      'ended by Ctrl-C, SIGTERM, SIGHUP; what was under way is cleaned up. A second signal ends it at once.',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => ['.PP', roff(text)]);
}

function definition(term: string, text: string): string[] {
  return ['.TP', bold(term), roff(text)];
}

function commandLines(command: Command): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command);
  return [
    `.SS "${roff(help.commandUsage(command))}"`,
    roff(`${capital(command.description())}.`),
    ...help
      .visibleArguments(command)
      .flatMap((found) => definition(help.argumentTerm(found), help.argumentDescription(found))),
    ...options.flatMap((option) => definition(help.optionTerm(option), help.optionDescription(option))),
    ...examplesOf(command),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What `help COMMAND` prints after the options. */
function examplesOf(command: Command): string[] {
  const parts: string[] = [];
  const configured = command.configureOutput();
  command.configureOutput({ writeOut: (part) => void parts.push(part) });
  command.outputHelp();
  command.configureOutput(configured);
  const text = parts.join('');
  const at = text.search(/^Examples?:$/m);
  return at === -1 ? [] : ['.PP', ...verbatim(text.slice(at))];
}
