import { HandleResponse } from '#wire/rpc/lsarpc/messages.js';
import { OpaqueStub } from '#wire/rpc/messages.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { WINREG, winregOperations } from '#wire/rpc/winreg/operations.js';
import { on, type RpcInterface } from './interface.js';

const refuse = on(OpaqueStub, HandleResponse, () => NetApiStatus.ErrorAccessDenied);

/** The registry, as those see it who may not look into it ([MS-RRP] 3.1.5): everything else needs a key first. */
export const winreg: RpcInterface = {
  syntax: WINREG,
  operations: Object.fromEntries(Object.keys(winregOperations).map((opnum) => [Number(opnum), refuse])),
};
