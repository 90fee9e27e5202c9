export {
  type Account,
  type AccountEntry,
  type AccountStore,
  type Credential,
  MemoryAccounts,
  memoryAccounts,
} from './account-store.js';
export { FileAccounts, fileAccounts } from './file-accounts.js';
export type { LogonPolicy } from './logon.js';
export type {
  ClientMechanism,
  Eventually,
  Identity,
  Now,
  Random,
  ServerMechanism,
  StepResult,
} from './mechanism.js';
export { type ClientCredentials, NtlmClient, type NtlmClientOptions } from './ntlm-client.js';
export { ntHash } from './ntlm-hashes.js';
export { NtlmServer, type NtlmServerOptions, type ServerNames } from './ntlm-server.js';
export { SpnegoClient } from './spnego-client.js';
export { SpnegoServer, serverHint } from './spnego-server.js';
