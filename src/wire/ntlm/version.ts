import type { Layout } from '../io/layout.js';

/** [MS-NLMP] 2.2.2.10 VERSION. */
export class Version {
  productMajorVersion = 0;
  productMinorVersion = 0;
  productBuild = 0;
  ntlmRevisionCurrent = 0;

  layout(io: Layout): void {
    this.productMajorVersion = io.u8('ProductMajorVersion', this.productMajorVersion);
    this.productMinorVersion = io.u8('ProductMinorVersion', this.productMinorVersion);
    this.productBuild = io.u16('ProductBuild', this.productBuild);
    io.skip('Reserved', 3);
    this.ntlmRevisionCurrent = io.u8('NTLMRevisionCurrent', this.ntlmRevisionCurrent);
  }

  /** The version that we claim: Windows 6.1 with NTLM revision 15, as other implementations do. */
  static ours(): Version {
    return Object.assign(new Version(), { productMajorVersion: 6, productMinorVersion: 1, ntlmRevisionCurrent: 15 });
  }
}
