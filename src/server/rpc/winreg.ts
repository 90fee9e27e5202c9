import { HandleResponse } from '#wire/rpc/lsarpc/messages.js';
import { OpaqueStub } from '#wire/rpc/messages.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { WINREG, winregOperations } from '#wire/rpc/winreg/operations.js';
import { on, type RpcInterface } from './interface.js';

const refuse = on(OpaqueStub, HandleResponse, () => NetApiStatus.ErrorAccessDenied);

/** The registry, for callers without access to it ([MS-RRP] 3.1.5): all other operations would need an open key. */
export const winreg: RpcInterface = {
  syntax: WINREG,
  operations: Object.fromEntries(Object.keys(winregOperations).map((opnum) => [Number(opnum), refuse])),
};
