import type { CommandEntry } from './program.js';

/** All commands, in the order of the help. A command's arguments and code are loaded only when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'serve',
    about: 'share directories over SMB',
    load: async () => (await import('./command/serve.js')).serve,
  },
  {
    name: 'exchange',
    about: 'play a packet exchange, from the first byte to a read, and explain each packet',
    load: async () => (await import('./command/exchange.js')).exchange,
  },
  {
    name: 'explain',
    about: 'explain the SMB packets of a capture (pcapng or pcap)',
    load: async () => (await import('./command/explain.js')).explain,
  },
  {
    name: 'ls',
    about: 'list a directory, or the shares of a server',
    load: async () => (await import('./command/ls.js')).ls,
  },
  {
    name: 'cat',
    about: 'write files to standard output',
    load: async () => (await import('./command/cat.js')).cat,
  },
  {
    name: 'get',
    about: 'fetch files, or directories with -r',
    load: async () => (await import('./command/get.js')).get,
  },
  {
    name: 'put',
    about: 'store files, or directories with -r',
    load: async () => (await import('./command/put.js')).put,
  },
  {
    name: 'cp',
    about: 'copy on one server, or between servers',
    load: async () => (await import('./command/cp.js')).cp,
  },
  {
    name: 'mv',
    about: 'rename or move',
    load: async () => (await import('./command/mv.js')).mv,
  },
  {
    name: 'rm',
    about: 'remove files, or directories with -r',
    load: async () => (await import('./command/rm.js')).rm,
  },
  {
    name: 'mkdir',
    about: 'make directories',
    load: async () => (await import('./command/simple.js')).mkdir,
  },
  {
    name: 'rmdir',
    about: 'remove empty directories',
    load: async () => (await import('./command/simple.js')).rmdir,
  },
  {
    name: 'stat',
    about: 'show all there is to know about a file or directory',
    load: async () => (await import('./command/simple.js')).stat,
  },
  {
    name: 'df',
    about: 'show how much space a share has',
    load: async () => (await import('./command/simple.js')).df,
  },
  {
    name: 'du',
    about: 'show how much a directory holds',
    load: async () => (await import('./command/du.js')).du,
  },
  {
    name: 'diff',
    about: 'show what differs between two directories',
    load: async () => (await import('./command/diff.js')).diff,
  },
  {
    name: 'find',
    about: 'find files and directories below a directory',
    load: async () => (await import('./command/find.js')).find,
  },
  {
    name: 'watch',
    about: 'print the changes in a directory as they happen, until Ctrl-C',
    load: async () => (await import('./command/watch.js')).watch,
  },
  {
    name: 'shares',
    about: 'list the shares of a server',
    load: async () => (await import('./command/shares.js')).shares,
  },
  {
    name: 'doctor',
    about: 'find out what a server offers and demands, and what that means',
    load: async () => (await import('./command/doctor.js')).doctor,
  },
  {
    name: 'acl',
    about: 'show or change who may do what with a file or directory',
    load: async () => (await import('./command/acl.js')).acl,
  },
  {
    name: 'touch',
    about: 'set the times of files to now, creating those that do not exist',
    load: async () => (await import('./command/simple.js')).touch,
  },
  {
    name: 'bench',
    about: 'put load on a server and measure how it copes',
    load: async () => (await import('./command/bench.js')).bench,
  },
  {
    name: 'status',
    about: 'show who is logged on to a server and what is open there',
    load: async () => (await import('./command/status.js')).status,
  },
  {
    name: 'passwd',
    about: 'maintain a file of users for a server: add a user or change a password',
    load: async () => (await import('./command/passwd.js')).passwd,
  },
  {
    name: 'completion',
    about: 'print a script that lets a shell complete commands, flags and remote paths',
    load: async () => (await import('./command/completion.js')).completion,
  },
  {
    name: '__complete',
    about: '',
    hidden: true,
    load: async () => (await import('./command/completion.js')).completer,
  },
];
