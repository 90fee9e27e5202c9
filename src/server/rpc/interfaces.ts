import { dssetup } from './dssetup.js';
import type { RpcInterface } from './interface.js';
import { lsarpc } from './lsarpc/lsarpc.js';
import { samr } from './samr/samr.js';
import { srvsvc } from './srvsvc/srvsvc.js';
import { winreg } from './winreg.js';
import { wkssvc } from './wkssvc.js';

/** The available pipes, and the interfaces served on each. */
export const pipeInterfaces: ReadonlyMap<string, readonly RpcInterface[]> = new Map([
  ['srvsvc', [srvsvc]],
  ['wkssvc', [wkssvc]],
  ['lsarpc', [lsarpc, dssetup]],
  ['lsass', [lsarpc, dssetup]],
  ['samr', [samr]],
  ['winreg', [winreg]],
]);
