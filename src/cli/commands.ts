import type { CommandEntry } from './program.js';

/** All commands, in the order of the help. What one takes and does is loaded when it is the one that is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'serve',
    about: 'serve directories',
    load: async () => (await import('./command/serve.js')).serve,
  },
  {
    name: 'exchange',
    about: 'play the packet exchange from the first byte to a read, and explain each packet',
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
    about: 'fetch files, or with -r directories',
    load: async () => (await import('./command/get.js')).get,
  },
  {
    name: 'put',
    about: 'store files, or with -r directories',
    load: async () => (await import('./command/put.js')).put,
  },
  {
    name: 'cp',
    about: 'copy on a server, or between servers',
    load: async () => (await import('./command/cp.js')).cp,
  },
  {
    name: 'mv',
    about: 'rename or move',
    load: async () => (await import('./command/mv.js')).mv,
  },
  {
    name: 'rm',
    about: 'remove files, or with -r directories',
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
    about: 'tell all about a file or directory',
    load: async () => (await import('./command/simple.js')).stat,
  },
  {
    name: 'df',
    about: 'tell how much space a share has',
    load: async () => (await import('./command/simple.js')).df,
  },
  {
    name: 'du',
    about: 'tell how much is in a directory',
    load: async () => (await import('./command/du.js')).du,
  },
  {
    name: 'diff',
    about: 'tell what differs between two directories',
    load: async () => (await import('./command/diff.js')).diff,
  },
  {
    name: 'find',
    about: 'find files and directories below a directory',
    load: async () => (await import('./command/find.js')).find,
  },
  {
    name: 'watch',
    about: 'tell what changes in a directory, until Ctrl-C',
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
    about: 'set the time of files to now; make those that are not there',
    load: async () => (await import('./command/simple.js')).touch,
  },
  {
    name: 'bench',
    about: 'put load on a server, and tell how it bears it',
    load: async () => (await import('./command/bench.js')).bench,
  },
  {
    name: 'status',
    about: 'tell who is logged on to a server and what is open there',
    load: async () => (await import('./command/status.js')).status,
  },
  {
    name: 'passwd',
    about: 'keep a file of users for a server: add one, or change a password',
    load: async () => (await import('./command/passwd.js')).passwd,
  },
  {
    name: 'completion',
    about: 'print what a shell needs to complete commands, flags and paths on servers',
    load: async () => (await import('./command/completion.js')).completion,
  },
  {
    name: '__complete',
    about: '',
    hidden: true,
    load: async () => (await import('./command/completion.js')).completer,
  },
];
