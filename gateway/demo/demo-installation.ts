import type { ConfigFileInput } from '../platform/config/file-schema.ts';

/** Where the parts of the demo listen; the readers' lines and apps are started before the configuration is written. */
export interface DemoPorts {
  readonly gateway: number;
  /** Bus id -> TCP port of its simulated line. */
  readonly buses: Readonly<Record<DemoBusId, number>>;
  /** App id -> origin of the app and the SHA-256 of its client secret. */
  readonly apps: Readonly<Record<DemoAppId, { readonly origin: string; readonly secretSha256: string }>>;
}

export const DEMO_BUS_IDS = ['hq-entrance', 'hq-inner', 'lisbon'] as const;
export type DemoBusId = (typeof DEMO_BUS_IDS)[number];
export const DEMO_APP_IDS = ['wiki', 'payroll', 'server-console'] as const;
export type DemoAppId = (typeof DEMO_APP_IDS)[number];

type Reader = ConfigFileInput['buses'] extends readonly (infer Bus)[] | undefined
  ? Bus extends { readers: readonly (infer R)[] }
    ? R
    : never
  : never;

/** The strike, the contact (input 0) and the request-to-exit device (input 1) of a door hang at one of its readers. */
const WIRING = { strike_output: 0, contact_input: 0, rex_input: 1 } as const;
const entry = (address: number, door: string, name: string): Reader => ({
  id: `${door}-in`,
  name,
  address,
  door,
  side: 'entry',
});
const exit = (address: number, door: string, name: string): Reader => ({ id: `${door}-out`, name, address, door, side: 'exit' });
const wired = (reader: Reader): Reader => ({ ...reader, ...WIRING });

/** Into the server room and the clean room they hang inside, out of reach of whoever takes the outer reader off the wall. */
export const DEMO_BUS_READERS: Readonly<Record<DemoBusId, readonly Reader[]>> = {
  'hq-entrance': [
    wired(entry(1, 'hq-main', 'Main entrance, outside')),
    exit(2, 'hq-main', 'Main entrance, inside'),
    wired(entry(3, 'hq-dock', 'Loading dock, outside')),
  ],
  'hq-inner': [
    wired(entry(1, 'hq-offices', 'Office wing')),
    entry(2, 'hq-server', 'Server room, outside'),
    wired(exit(3, 'hq-server', 'Server room, inside')),
  ],
  lisbon: [
    wired(entry(1, 'lis-main', 'Lisbon entrance, outside')),
    exit(2, 'lis-main', 'Lisbon entrance, inside'),
    entry(3, 'lis-clean', 'Clean room, outside'),
    wired(exit(4, 'lis-clean', 'Clean room, inside')),
  ],
};

const DEMO_PLACES = {
  sites: [
    { id: 'hq', name: 'Headquarters Berlin', time_zone: 'Europe/Berlin' },
    { id: 'lisbon', name: 'Laboratory Lisbon', time_zone: 'Europe/Lisbon' },
  ],
  areas: [
    { id: 'hq-building', site: 'hq', name: 'Berlin building', security_level: 1 },
    { id: 'hq-office-wing', site: 'hq', parent: 'hq-building', name: 'Office wing', security_level: 2 },
    {
      id: 'hq-server-room',
      site: 'hq',
      parent: 'hq-office-wing',
      name: 'Server room',
      security_level: 4,
      captive: true,
      requires_app: 'server-console',
    },
    { id: 'lis-building', site: 'lisbon', name: 'Lisbon building', security_level: 1 },
    { id: 'lis-clean-room', site: 'lisbon', parent: 'lis-building', name: 'Clean room', security_level: 3, captive: true },
  ],
  doors: [
    { id: 'hq-main', site: 'hq', name: 'Main entrance', to_area: 'hq-building', lock: 'fail_safe' },
    { id: 'hq-dock', site: 'hq', name: 'Loading dock', to_area: 'hq-building', lock: 'fail_secure', requires_pin: 'always' },
    { id: 'hq-offices', site: 'hq', name: 'Office wing', from_area: 'hq-building', to_area: 'hq-office-wing', lock: 'fail_safe' },
    { id: 'hq-server', site: 'hq', name: 'Server room', from_area: 'hq-office-wing', to_area: 'hq-server-room', lock: 'fail_secure' },
    { id: 'lis-main', site: 'lisbon', name: 'Lisbon entrance', to_area: 'lis-building', lock: 'fail_safe' },
    { id: 'lis-clean', site: 'lisbon', name: 'Clean room', from_area: 'lis-building', to_area: 'lis-clean-room', lock: 'fail_secure' },
  ],
} satisfies Partial<ConfigFileInput>;

/** Two sites, six doors with simulated readers, three apps and a VPN realm, written as a gatehouse.yaml would be. */
export function demoConfigFile(ports: DemoPorts): ConfigFileInput {
  return {
    // As an origin: port 80 is not written.
    public_url: new URL(`http://localhost:${ports.gateway}`).origin,
    listen: { host: '127.0.0.1', port: ports.gateway },
    ...DEMO_PLACES,
    buses: DEMO_BUS_IDS.map((id) => ({
      id,
      link: { tcp: { host: '127.0.0.1', port: ports.buses[id] } },
      poll_interval_ms: 25,
      readers: [...DEMO_BUS_READERS[id]],
    })),
    apps: [
      { ...client(ports, 'wiki'), name: 'Wiki', sensitivity: 1 },
      {
        ...client(ports, 'payroll'),
        name: 'Payroll',
        sensitivity: 3,
        site: 'hq',
        allowed_networks: ['site', 'vpn_egress'],
        max_auth_age_s: 300,
      },
      {
        ...client(ports, 'server-console'),
        name: 'Server console',
        sensitivity: 4,
        site: 'hq',
        requires_area: 'hq-server-room',
        max_presence_age_s: 36_000,
      },
    ],
    vpn_realms: [{ id: 'corporate-vpn', name: 'Corporate VPN', site: 'hq', sensitivity: 2 }],
    networks: [
      { name: 'hq-lan', cidr: '127.0.0.1/32', zone: 'site', site: 'hq' },
      { name: 'hq-lan-v6', cidr: '::1/128', zone: 'site', site: 'hq' },
      { name: 'vpn-pool', cidr: '127.0.1.0/24', zone: 'vpn_egress' },
    ],
    portal: { staffed_readers: ['hq-main-in'], listed: ['app:wiki', 'app:payroll'] },
    schedules: { 'business-hours': { weekdays: [1, 2, 3, 4, 5], from: '07:00', until: '19:00' } },
  };
}

function client(ports: DemoPorts, id: DemoAppId) {
  const { origin, secretSha256 } = ports.apps[id];
  return {
    id,
    client_id: id,
    client_secret_sha256: secretSha256,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/`],
    backchannel_logout_uri: `${origin}/backchannel-logout`,
  };
}
