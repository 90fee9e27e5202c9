import { SyntaxId } from '../syntax.js';

/** [MS-WKST] 1.9 The Workstation Service Remote Protocol, version 1.0, found at `\pipe\wkssvc`. */
export const WKSSVC: SyntaxId = SyntaxId.of('6bffd098-a112-3610-9833-46c3f87e345a', 1, 0);

/** [MS-WKST] 2.2.3.2 NETSETUP_JOIN_STATUS. */
export const JoinStatus = { Unknown: 0, Unjoined: 1, WorkgroupName: 2, DomainName: 3 } as const;

/** [MS-WKST] 2.2.3.3 NET_COMPUTER_NAME_TYPE. */
export const ComputerNameType = { Primary: 0, Alternate: 1, All: 2 } as const;
