import { acl } from './command/acl.js';
import { bench } from './command/bench.js';
import { cat } from './command/cat.js';
import { completer, completion } from './command/completion.js';
import { cp } from './command/cp.js';
import { diff } from './command/diff.js';
import { doctor } from './command/doctor.js';
import { du } from './command/du.js';
import { exchange } from './command/exchange.js';
import { explain } from './command/explain.js';
import { find } from './command/find.js';
import { get } from './command/get.js';
import { ls } from './command/ls.js';
import { mv } from './command/mv.js';
import { passwd } from './command/passwd.js';
import { put } from './command/put.js';
import { rm } from './command/rm.js';
import { serve } from './command/serve.js';
import { shares } from './command/shares.js';
import { df, mkdir, rmdir, stat, touch } from './command/simple.js';
import { status } from './command/status.js';
import { watch } from './command/watch.js';
import type { CommandModule } from './program.js';

/** All commands, in the order of the help. */
export const modules: readonly CommandModule[] = [
  serve,
  exchange,
  explain,
  ls,
  cat,
  get,
  put,
  cp,
  mv,
  rm,
  mkdir,
  rmdir,
  stat,
  df,
  du,
  diff,
  find,
  watch,
  shares,
  doctor,
  acl,
  touch,
  bench,
  status,
  passwd,
  completion,
  completer,
];
