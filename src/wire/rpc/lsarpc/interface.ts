import { SyntaxId } from '../syntax.js';

/** [MS-LSAD] 1.9, [MS-LSAT] 1.9 The Local Security Authority, version 0.0, found at `\pipe\lsarpc`. */
export const LSARPC: SyntaxId = SyntaxId.of('12345778-1234-abcd-ef00-0123456789ab', 0, 0);

/** [MS-LSAD] 2.2.4.1 POLICY_INFORMATION_CLASS, those supported here. */
export const PolicyInfoClass = {
  AuditEvents: 2,
  PrimaryDomain: 3,
  AccountDomain: 5,
  ServerRole: 6,
  DnsDomain: 12,
  DnsDomainInt: 13,
  LocalAccountDomain: 14,
} as const;
