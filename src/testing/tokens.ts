import { memoryAccounts } from '#auth/account-store.js';
import { Principals } from '#server/access/principals.js';
import { Tokens } from '#server/access/tokens.js';

/** Access tokens for some accounts, as a server core in tests needs them. */
export function testTokens(
  accounts: readonly string[] = ['ann', 'bob'],
  administrators: readonly string[] = [],
): Tokens {
  const users = Object.fromEntries(accounts.map((name) => [name, { password: name }]));
  return new Tokens(new Principals({ name: 'nas', accounts: memoryAccounts(users) }), administrators);
}
