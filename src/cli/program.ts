import { Command } from 'commander';
import { Exit, explainError } from './failure.js';
import { say } from './terminal.js';

/** What the running command may need besides its arguments. */
export interface Context {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A command of the command line: how it is called, and what it does. */
export interface CommandModule {
  readonly name: string;
  /** Not in the help. */
  readonly hidden?: boolean;
  readonly build: (command: Command, context: Context) => Command;
}

const EXAMPLES = `
Examples:
  $ sombrero exchange                                   the packets of a logon and a read, explained
  $ sombrero serve ./docs --user ann                    a directory as a network drive
  $ sombrero ls smb://ann@nas/photos/2024               what is there
  $ sombrero get -r smb://ann@nas/photos/2024 .         fetch a directory
  $ sombrero put report.pdf smb://ann@nas/docs/         store a file
  $ sombrero explain capture.pcapng                     what went over the wire

Places are smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH. Better than in the URL, a password is in
SOMBRERO_PASSWORD, or is asked for. 'sombrero help COMMAND' tells more of each command.
Exit status: 0 done, 1 the operation failed, 2 wrong usage.`;

/** Builds the command line. */
export function buildProgram(version: string, modules: readonly CommandModule[], context: Context): Command {
  const program = new Command('sombrero')
    .description('The SMB stack for Node.js: file server, client and packet viewer.')
    .version(version)
    .helpCommand('help [command]', 'tell more of a command')
    .showHelpAfterError("('sombrero --help' shows what there is)")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'sombrero: ')) })
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .exitOverride();
  for (const { name, build, hidden = false } of modules) {
    const command = program
      .command(name, { hidden })
      .exitOverride()
      .showHelpAfterError(`('sombrero ${name} --help' shows how)`);
    build(
      command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, `sombrero ${name}: `)) }),
      context,
    );
  }
  return program;
}

/** Runs a command line; the exit status is what comes back. */
export async function run(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : Exit.Done;
  } catch (error) {
    const { line, status } = explainError(error);
    const name = args.find((arg) => !arg.startsWith('-'));
    const command = name !== undefined && program.commands.some((known) => known.name() === name) ? ` ${name}` : '';
    if (line !== undefined) say(`sombrero${command}: ${line}`);
    return status;
  }
}
