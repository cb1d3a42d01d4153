import type { ConfigFileInput } from '#gateway/platform/config/file-schema.ts';

type Site = NonNullable<ConfigFileInput['sites']>[number];
type Area = NonNullable<ConfigFileInput['areas']>[number];
type Door = NonNullable<ConfigFileInput['doors']>[number];
type Bus = NonNullable<ConfigFileInput['buses']>[number];
type App = NonNullable<ConfigFileInput['apps']>[number];

export const SAMPLE_SITE: Site = { id: 'hq', name: 'Headquarters', time_zone: 'Europe/Berlin' };
export const SAMPLE_AREA: Area = { id: 'office', site: 'hq', name: 'Office' };
export const SAMPLE_DOOR: Door = { id: 'front', site: 'hq', name: 'Front', to_area: 'office', lock: 'fail_safe' };
export const SAMPLE_READER: Bus['readers'][number] = {
  id: 'front-in',
  name: 'Front, outside',
  address: 0,
  door: 'front',
  side: 'entry',
  strike_output: 0,
  contact_input: 0,
  rex_input: 1,
};
export const SAMPLE_BUS: Bus = { id: 'bus-1', link: { tcp: { host: '127.0.0.1', port: 4_001 } }, readers: [SAMPLE_READER] };
export const SAMPLE_APP: App = {
  id: 'wiki',
  name: 'Wiki',
  client_id: 'wiki',
  public: true,
  redirect_uris: ['https://wiki.example.org/callback'],
};

/** A configuration of one door, one reader and one app that the gateway accepts. */
export const SAMPLE_CONFIG_FILE = {
  sites: [SAMPLE_SITE],
  areas: [SAMPLE_AREA],
  doors: [SAMPLE_DOOR],
  buses: [SAMPLE_BUS],
  apps: [SAMPLE_APP],
  networks: [{ name: 'lan', cidr: '10.1.0.0/16', zone: 'site', site: 'hq' }],
} as const satisfies ConfigFileInput;
