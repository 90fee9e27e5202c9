import { HandleResponse } from '../lsarpc/messages.js';
import { OpaqueStub } from '../messages.js';
import { operation, type RpcOperations } from '../operation.js';
import { SyntaxId } from '../syntax.js';

/** [MS-RRP] 1.9 The Windows Remote Registry, version 1.0, found at `\pipe\winreg`. */
export const WINREG: SyntaxId = SyntaxId.of('338cd001-2244-31f1-aaaa-900038001003', 1, 0);

/** [MS-RRP] 3.1.5: operations that open a predefined key. */
const OPENINGS: Readonly<Record<number, string>> = {
  0: 'OpenClassesRoot',
  1: 'OpenCurrentUser',
  2: 'OpenLocalMachine',
  3: 'OpenPerformanceData',
  4: 'OpenUsers',
  27: 'OpenCurrentConfig',
  32: 'OpenPerformanceText',
  33: 'OpenPerformanceNlsText',
};

/** By opnum. */
export const winregOperations: RpcOperations = Object.fromEntries(
  Object.entries(OPENINGS).map(([opnum, name]) => [Number(opnum), operation(name, OpaqueStub, HandleResponse)]),
);
