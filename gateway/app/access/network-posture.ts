import type { DecisionContext } from '../../domain/access/decision-input.ts';
import { createAddressMatch, parseAddress } from '../../domain/site/address-range.ts';
import type { NetworkZone } from '../../domain/site/site.ts';

export interface Network {
  readonly name: string;
  /** IPv4 or IPv6 CIDR; `::ffff:` mapped addresses are matched as IPv4. */
  readonly cidr: string;
  readonly zone: 'site' | 'vpn_egress';
  readonly siteId: string | null;
  /** ISO 3166-1 alpha-2; absent = not said. */
  readonly country?: string | null | undefined;
}

/** What an address says, whoever's it is. */
export type NetworkOfAddress = Omit<DecisionContext['network'], 'source' | 'age_s'>;
export type NetworkPosture = (ip: string | null) => NetworkOfAddress;

/** The demo site's switch: what this machine's address is taken to be. Null = as the address says. */
export type ZoneOverride = () => NetworkZone | null;

export const NO_NETWORK: NetworkOfAddress = { known: false, ip: '', zone: 'none', name: '', site: '', country: '' };

/** ISO 3166-1 alpha-2 of an address; empty = not known. */
export type CountryOf = (ip: string) => string;

/**
 * Maps an address to a site network, a VPN egress or elsewhere, by configuration; the first network that holds it wins. Countries of
 * networks are what the configuration says, those of addresses elsewhere what `countryOf` does.
 */
export function createNetworkPosture(
  networks: readonly Network[],
  override: ZoneOverride = () => null,
  countryOf: CountryOf = () => '',
): NetworkPosture {
  const entries = networks.map((network) => ({ network, holds: createAddressMatch([network.cidr]) }));
  return (ip) => {
    const address = ip === null ? null : parseAddress(ip);
    if (ip === null || address === null) return NO_NETWORK;
    const forced = override();
    const match = entries.find(({ network, holds }) => (forced === null ? holds(address) : network.zone === forced));
    if (match === undefined) return { known: true, ip, zone: 'elsewhere', name: '', site: '', country: countryOf(ip) };
    const { zone, name, siteId, country } = match.network;
    return { known: true, ip, zone, name, site: siteId ?? '', country: country ?? '' };
  };
}
