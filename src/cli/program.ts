import { Command, CommanderError } from 'commander';
import { Exit, Interrupted } from './exit.js';

/** What a running command may need besides its arguments. */
export interface Context {
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP, with `Interrupted` as the reason. */
  readonly signal: AbortSignal;
}

/** The arguments, options and action of a command. */
export interface CommandModule {
  readonly build: (command: Command, context: Context) => Command;
}

/** A command as listed in the general help; the rest of it is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly about: string;
  /** Not listed in the help. */
  readonly hidden?: boolean;
  readonly load: () => Promise<CommandModule>;
}

const EXAMPLES = `
Examples:
  $ sombrero exchange                                   the packets of a logon and a read, explained
  $ sombrero serve ./docs --user ann                    a directory as a network drive
  $ sombrero ls smb://ann@nas/photos/2024               what is there
  $ sombrero get -r smb://ann@nas/photos/2024 .         fetch a directory
  $ sombrero put report.pdf smb://ann@nas/docs/         store a file
  $ sombrero explain capture.pcapng                     what went over the wire

Places are smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH. A password is better kept in SOMBRERO_PASSWORD
than in the URL; otherwise it is asked for. 'sombrero help COMMAND' explains a command.
Exit status: 0 done, 1 the operation failed, 2 wrong usage, 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP.`;

/** Rewords Commander's messages to match the others. */
function worded(text: string, who: string): string {
  return text.replace(/^error: /, `${who}: `).replace(/ is invalid\. (?!Allowed)/, ' is invalid: ');
}

const unloaded = new WeakMap<Command, () => Promise<void>>();

/** Loads the arguments, options and help of a command. */
export async function load(command: Command): Promise<void> {
  const rest = unloaded.get(command);
  unloaded.delete(command);
  await rest?.();
}

/** Builds the command line. */
export function buildProgram(version: string, entries: readonly CommandEntry[], context: Context): Command {
  const program = new Command('sombrero')
    .description('The SMB stack for Node.js: file server, client and packet viewer.')
    .version(version)
    .helpCommand(false)
    .showHelpAfterError("('sombrero --help' lists the commands)")
    .configureOutput({ outputError: (text, write) => write(worded(text, 'sombrero')) })
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .exitOverride()
    .hook('preSubcommand', (_, command) => load(command));
  for (const { name, about, hidden = false, load: module } of entries) {
    const command = program
      .command(name, { hidden })
      .description(about)
      .exitOverride()
      .showHelpAfterError(`('sombrero ${name} --help' shows how)`)
      .configureOutput({ outputError: (text, write) => write(worded(text, `sombrero ${name}`)) });
    unloaded.set(command, async () => void (await module()).build(command, context));
  }
  addHelp(program);
  return program;
}

/** Replaces Commander's help command, which would show commands that are not loaded yet. */
function addHelp(program: Command): void {
  const help = program
    .command('help')
    .description('show the help of a command')
    .argument('[command]', 'which command')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(worded(text, 'sombrero')) })
    .showHelpAfterError("('sombrero --help' lists the commands)")
    .action(async (name?: string) => {
      if (name === undefined) return program.help();
      const command = program.commands.find((known) => known.name() === name);
      if (!command) return help.error(`error: unknown command '${name}'`, { exitCode: Exit.Usage });
      await load(command);
      command.help();
    });
}

/** Runs a command line; returns the exit status. */
export async function run(program: Command, args: readonly string[], { signal }: Context): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : Exit.Done;
  } catch (error) {
    // Commander has printed the message; help and version are not failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.Done : Exit.Usage;
    // Explaining needs the whole client, which a command that fails like this has loaded anyway.
    const { explainError } = await import('./failure.js');
    const { line, status } = explainError(error);
    const name = args.find((arg) => !arg.startsWith('-'));
    const command = name !== undefined && program.commands.some((known) => known.name() === name) ? ` ${name}` : '';
    process.stderr.write(`sombrero${command}: ${line}
`);
    // After an interruption, the error may be anything.
    return signal.reason instanceof Interrupted ? signal.reason.status : status;
  }
}
