import type { CertificateRules } from '../../domain/site/certificate-rules.ts';
import type { AppId, BusId, ReaderId, SiteId, VpnRealmId } from '../../domain/site/ids.ts';
import type { Installation, NetworkZone } from '../../domain/site/site.ts';
import type { Website } from '../../domain/site/website.ts';
import type { ReaderSignSettings } from '../../domain/doors/sign.ts';
import type { ApiConfig, ClientOptions } from './client-config.ts';
import type { UpstreamConfig } from './upstream-config.ts';

/** How the gateway reaches a bus: a device server (or simulator) over TCP, or a serial port of its own. */
export type BusLink =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number };

export interface BusConfig {
  readonly id: BusId;
  readonly link: BusLink;
  /** Time of one poll slot: each reader of the bus is polled once in `readers x pollIntervalMs`. */
  readonly pollIntervalMs: number;
}

/** Addresses that are not on any list are in zone `elsewhere`. */
export interface NetworkConfig {
  readonly name: string;
  /** Canonical CIDR, IPv4 or IPv6. */
  readonly cidr: string;
  readonly zone: Exclude<NetworkZone, 'elsewhere'>;
  readonly siteId: SiteId | null;
  /** ISO 3166-1 alpha-2; null = not said. */
  readonly country: string | null;
}

/** The OIDC half of an app; `installation.apps` holds the half that decisions need, under the same `clientId`. */
export interface ClientConfig {
  readonly appId: AppId;
  readonly clientId: string;
  readonly name: string;
  /** SHA-256 (lower-case hex) of the client's random secret; null = public client, which has PKCE only. */
  readonly clientSecretSha256: string | null;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri: string | null;
  /** Absent = code and refresh only, with the secret by HTTP Basic. */
  readonly options?: ClientOptions;
}

/** A remote enforcement point that asks over AuthZEN. */
export interface AuthzenClientConfig {
  readonly id: string;
  /** SHA-256 (lower-case hex) of its random key. */
  readonly keySha256: string;
  readonly actions: readonly ('door.unlock' | 'app.login' | 'token.refresh' | 'vpn.connect')[];
  /** `door`, or `door:ID` for one of them. */
  readonly resources: readonly string[];
  readonly fulfils: readonly ('step_up' | 'extended_open_time')[];
  readonly hasSecureReaders: boolean;
}

/** How connections of a VPN realm ask, and how they are ended; `installation.vpnRealms` holds the half that decisions need. */
export interface VpnConfig {
  readonly realmId: VpnRealmId;
  /** SHA-256 (lower-case hex) of its RADIUS server's key; null = nothing asks over RADIUS. */
  readonly keySha256: string | null;
  readonly sessionTtlS: number;
  readonly interimS: number;
  /** Absolute paths of control sockets; null = there is no such server. */
  readonly ocservSocket: string | null;
  readonly openvpnSocket: string | null;
  /** Whether whoever gives no code may say yes on the page. */
  readonly push: boolean;
  /** Null = nobody connects with a certificate. */
  readonly certificates: CertificateRules | null;
  /** Servers and access points that end sessions when they are told to. */
  readonly disconnect: readonly NasConfig[];
}

export interface NasConfig {
  /** As it calls itself in accounting. */
  readonly nas: string;
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly secretFile: string;
}

/** Civil times in the zone of the resource's site. */
export interface ScheduleConfig {
  /** ISO: 1 Monday .. 7 Sunday. */
  readonly weekdays: readonly number[];
  /** Minutes since local midnight: from inclusive, until exclusive (1440 = end of the day). */
  readonly fromMinute: number;
  readonly untilMinute: number;
  readonly onHolidays: boolean;
}

/** People's own side. */
export interface PortalConfig {
  readonly sessionTtlS: number;
  /** Keys such as `door:ID`. */
  readonly listed: readonly string[];
  readonly staffedReaders: readonly ReaderId[];
  readonly badgeWindowS: number;
  readonly recoveryCodeTtlS: number;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Everything the gateway is told at start, checked whole. Immutable while it runs. */
export interface Config {
  /** Origin under which browsers reach the gateway, without a trailing slash: OIDC issuer and WebAuthn origin. */
  readonly publicUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute path. */
  readonly dataDir: string;
  /** CIDRs of proxies whose forwarding headers are believed; empty = the peer address counts. */
  readonly trustedProxies: readonly string[];
  /** Absolute path of the operator's file that maps addresses to countries; null = there is none. */
  readonly countryDatabase: string | null;
  readonly installation: Installation;
  readonly buses: readonly BusConfig[];
  /** How each reader shows outcomes, where it differs from all others. */
  readonly signs: ReadonlyMap<ReaderId, ReaderSignSettings>;
  readonly networks: readonly NetworkConfig[];
  readonly clients: readonly ClientConfig[];
  /** Behind proxies that ask about each request; each is an app of the installation, under the same `clientId`. */
  readonly websites: readonly Website[];
  /** One for each realm of the installation. */
  readonly vpn: readonly VpnConfig[];
  /** By name; `always` is always there. */
  readonly schedules: Readonly<Record<string, ScheduleConfig>>;
  /** Site -> its holidays as local dates, YYYY-MM-DD. */
  readonly holidays: ReadonlyMap<SiteId, readonly string[]>;
  readonly oidc: {
    readonly accessTokenTtlS: number;
    readonly refreshTokenTtlS: number;
    readonly sessionTtlS: number;
    readonly keyPublishAheadS?: number;
    readonly freshBadgeS?: number;
    readonly deskAgentPort?: number;
    readonly apis?: readonly ApiConfig[];
  };
  readonly authzen: { readonly clients: readonly AuthzenClientConfig[] };
  /** Directories that create, change and close people; the SHA-256 (lower-case hex) of each one's random key. */
  readonly scim: { readonly clients: readonly { readonly id: string; readonly keySha256: string }[] };
  /** Identity providers outside. */
  readonly upstreams: readonly UpstreamConfig[];
  readonly console: {
    readonly sessionTtlS: number;
    readonly cliTokenTtlS: number;
    readonly enrolmentLinkTtlS: number;
    readonly reinstatementTtlS: number;
  };
  readonly portal: PortalConfig;
  readonly decide: { readonly timeoutMs: number };
  readonly log: { readonly level: LogLevel };
}
