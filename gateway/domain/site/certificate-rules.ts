/** What certificates of computers are worth at one VPN realm or Wi-Fi. */
export interface CertificateRules {
  /** Names of issuers as the RADIUS server writes them. */
  readonly issuers: readonly string[];
  /** Where a computer is put; the first row that holds counts. `group` null = everybody. */
  readonly vlans: readonly { readonly group: string | null; readonly vlan: number }[];
}
