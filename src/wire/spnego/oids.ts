/** Object identifiers of SPNEGO and the mechanisms it negotiates ([MS-SPNG] 1.9, RFC 4178). */
export const Oid = {
  Spnego: '1.3.6.1.5.5.2',
  Ntlmssp: '1.3.6.1.4.1.311.2.2.10',
  Krb5: '1.2.840.113554.1.2.2',
  MsKrb5: '1.2.840.48018.1.2.2',
  Krb5UserToUser: '1.2.840.113554.1.2.2.3',
  NegoEx: '1.3.6.1.4.1.311.2.2.30',
} as const;

const NAMES: Readonly<Record<string, string>> = {
  [Oid.Spnego]: 'SPNEGO',
  [Oid.Ntlmssp]: 'NTLMSSP',
  [Oid.Krb5]: 'KRB5',
  [Oid.MsKrb5]: 'MS-KRB5',
  [Oid.Krb5UserToUser]: 'KRB5-U2U',
  [Oid.NegoEx]: 'NEGOEX',
};

/** `NTLMSSP (1.3.6.1.4.1.311.2.2.10)`, or only the number. */
export function oidText(oid: string): string {
  const name = NAMES[oid];
  return name === undefined ? oid : `${name} (${oid})`;
}
