import { type Command, Option } from 'commander';
import { collect, parseDialects, parseEndpoint } from '../options.js';
import type { CommandModule } from '../program.js';
import { parseShare, parseSharePassword, parseUser, type ServeFlags } from '../serve/flags.js';

const EXAMPLES = `
Examples:
  $ sombrero serve ./docs                                    one directory, with a made-up user
  $ sombrero serve --share docs=/srv/docs:ro --user ann      read only, asks for ann's password
  $ sombrero serve ./docs --listen 0.0.0.0:445 --encryption required --users-file users.txt
  $ sombrero serve --config server.json                      SIGHUP reloads shares and users

A scanner, a game console or another device from before 2010, on a machine of its own:
  $ sombrero serve ./inbox --dialects NT1..3.1.1 --ntlmv1 --signing enabled --netbios 0.0.0.0:139

A config file has the keys shares, users, usersFile, administrators, listen, netbios, name, domain, guest, anonymous,
dialects, signing, encryption, ntlmv1, shareLevelSecurity, netbiosStrict, writeTimeDelayMs and stateDirectory; a share has
path, readOnly, comment, users, guests, encryption, password, hidden, hideUnreadable, hideUnwritable, hideDotFiles,
hideFiles, streams, caseSensitive, deleteReadOnly, canonicalAcls and continuouslyAvailable:
  { "shares": { "docs": "/srv/docs", "pub": { "path": "/srv/pub", "readOnly": true, "guests": "read" } },
    "users": { "ann": { "ntHash": "…" } }, "listen": ["0.0.0.0:445"], "encryption": "required" }`;

export const serve: CommandModule = {
  build: (command, { signal }) =>
    withFlags(command.argument('[directories...]', 'each becomes a share of the same name'))
      .addHelpText('after', EXAMPLES)
      .action(async (directories: string[], flags: ServeFlags) => {
        // Loaded here, so that other commands start faster.
        const { runServer } = await import('../serve/run.js');
        await runServer(directories, flags, signal);
      }),
};

function withFlags(command: Command): Command {
  return command
    .option(
      '--share <NAME=DIR[:ro|:ca]>',
      'a share by name, read only with :ro, continuously available with :ca (repeatable)',
      collect(parseShare),
    )
    .option('--config <file>', 'take settings from a JSON file; flags override it')
    .optionsGroup('Listening:')
    .option('--listen <HOST:PORT>', 'repeatable (default: 127.0.0.1:4450)', collect(parseEndpoint))
    .option(
      '--netbios <HOST:PORT>',
      'also offer the NetBIOS session service (RFC 1002), usually on port 139 (repeatable)',
      collect(parseEndpoint),
    )
    .option('--netbios-strict', 'refuse NetBIOS sessions that ask for a name other than ours')
    .option('--state-directory <dir>', 'where open files on :ca shares survive a restart')
    .option('--name <name>', "the server's own name, up to 15 letters (default: SOMBRERO)")
    .optionsGroup('Who may come in:')
    .option(
      '--user <NAME[:PASSWORD]>',
      'repeatable; better put the password in SOMBRERO_PASSWORD, or type it',
      collect(parseUser),
    )
    .option('--users-file <file>', "file of users, as 'sombrero passwd' writes it")
    .option('--guest', 'let unknown users in, to read')
    .option('--guest-write', 'with --guest: to write, too')
    .option('--anonymous', 'let in clients that give no name; they see only shares that guests may use')
    .optionsGroup('Protocol:')
    .addOption(new Option('--dialects <MIN..MAX>', 'default: 2.0.2..3.1.1; NT1 is SMB1').argParser(parseDialects))
    .addOption(new Option('--signing <policy>', 'default: required').choices(['enabled', 'required']))
    .addOption(new Option('--encryption <policy>', 'default: enabled').choices(['off', 'enabled', 'required']))
    .option('--ntlmv1', 'SMB1: accept NTLMv1, which can be broken in hours')
    .option('--share-level-security', 'SMB1: a password for each share instead of users')
    .option('--share-password <NAME=PASSWORD>', 'the password of a share (repeatable)', collect(parseSharePassword))
    .optionsGroup('Watching:')
    .addOption(
      new Option('--log <format>', 'format of the log on stderr').choices(['pretty', 'json']).default('pretty'),
    )
    .option('-v, --verbose', 'log more')
    .option('--control <socket>', "socket that 'sombrero status' asks (default: one that only this user can reach)")
    .option('--no-control', 'no control socket')
    .option('--capture <file.pcapng>', 'write all packets to a file for Wireshark or sombrero explain');
}
