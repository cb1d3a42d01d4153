import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createSimulatedLine, type SimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { createCliTools } from '#gateway/compose-tools.ts';
import { encodeCard } from '#gateway/domain/people/card-format.ts';
import { loadConfig } from '#gateway/platform/config/load-config.ts';
import type { ConfigFileInput } from '#gateway/platform/config/file-schema.ts';
import { parsePeopleFile, type PeopleFileInput } from '#gateway/platform/people-file.ts';
import { freePort, type GatewayProcess } from './running-gateway.ts';

type Link = NonNullable<ConfigFileInput['buses']>[number]['link'];

/** Readers by their place in the list: OSDP address 0, 1 ... on their bus. */
export const SITE_BUSES = { front: ['front-in', 'front-out'], vault: ['vault-in', 'vault-out'] } as const;
export type SiteBusId = keyof typeof SITE_BUSES;
export type SiteReaderId = (typeof SITE_BUSES)[SiteBusId][number];

/** A street door and a captive vault behind it, on two lines, each with entry and exit reader; one app. */
export function siteConfigFile(port: number, links: Readonly<Record<SiteBusId, Link>>): ConfigFileInput {
  return {
    public_url: `http://localhost:${port}`,
    listen: { host: '127.0.0.1', port },
    sites: [{ id: 'hq', name: 'Headquarters', time_zone: 'Europe/Berlin' }],
    areas: [
      { id: 'building', site: 'hq', name: 'Building' },
      { id: 'vault', site: 'hq', parent: 'building', name: 'Vault', security_level: 4, captive: true },
    ],
    doors: [
      { id: 'front', site: 'hq', name: 'Front', to_area: 'building', lock: 'fail_safe', release_ms: 500 },
      {
        id: 'vault',
        site: 'hq',
        name: 'Vault',
        from_area: 'building',
        to_area: 'vault',
        lock: 'fail_secure',
        release_ms: 500,
        outside_wiring_reason: 'Simulated readers have no wires',
      },
    ],
    buses: [busOf('front', links), busOf('vault', links)],
    apps: [{ id: 'wiki', name: 'Wiki', client_id: 'wiki', public: true, redirect_uris: ['http://localhost:9/callback'] }],
    networks: [{ name: 'lan', cidr: '127.0.0.1/32', zone: 'site', site: 'hq' }],
  };
}

function busOf(id: SiteBusId, links: Readonly<Record<SiteBusId, Link>>): NonNullable<ConfigFileInput['buses']>[number] {
  const [entry, exit] = SITE_BUSES[id];
  return {
    id,
    link: links[id],
    poll_interval_ms: 10,
    readers: [
      { id: entry, name: entry, address: 0, door: id, side: 'entry', strike_output: 0, contact_input: 0, rex_input: 1 },
      { id: exit, name: exit, address: 1, door: id, side: 'exit' },
    ],
  };
}

/** Ann may enter everywhere, Ben only the building; Sia has no badge and runs the console. */
export const SITE_PEOPLE: PeopleFileInput = {
  people: [
    { id: 'usr_ann', name: 'Ann Example', groups: ['vault'], clearance: 5, badges: [{ format: 'H10301', facility: 7, number: '1001' }] },
    { id: 'usr_ben', name: 'Ben Example', clearance: 4, badges: [{ format: 'H10304', facility: 400, number: '2002' }] },
    { id: 'usr_sia', name: 'Sia Example', roles: ['security_admin'] },
  ],
  profiles: [
    { id: 'building', name: 'Building', resources: ['door:front', 'app:wiki'] },
    { id: 'vault', name: 'Vault', resources: ['door:vault'] },
  ],
  grants: [
    { id: 'grt_ann', profile: 'building', holder: 'person:usr_ann', reason: 'Works here' },
    { id: 'grt_ben', profile: 'building', holder: 'person:usr_ben', reason: 'Works here' },
    { id: 'grt_vault', profile: 'vault', holder: 'group:vault', reason: 'Keeps the vault' },
  ],
};

function card(format: 'H10301' | 'H10304', facility: number, number: string) {
  const encoded = encodeCard({ format, facility, number });
  if (encoded === null) throw new TypeError('not a card');
  return encoded;
}
export const SITE_CARDS = {
  ann: card('H10301', 7, '1001'),
  ben: card('H10304', 400, '2002'),
  /** Of a format that the gateway reads, and nobody's. */
  stranger: card('H10301', 7, '6666'),
  /** 24 bits: no format that it reads. */
  unreadable: { bits: Uint8Array.of(0x12, 0x34, 0x56), bitCount: 24 },
} as const;

export const keyOf = (readerId: SiteReaderId): Uint8Array => {
  const seed = [...readerId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return Uint8Array.from({ length: 16 }, (_, index) => (index * 29 + seed) & 0xff);
};

export interface ConfiguredSite {
  readonly process: GatewayProcess & { readonly configFile: string };
  readonly lines: Readonly<Record<SiteBusId, SimulatedLine>>;
  readonly readers: Readonly<Record<SiteReaderId, SimulatedPd>>;
  /** Ends the lines and removes the folder. */
  remove(): Promise<void>;
}

export interface SiteOptions {
  /** Puts something between the gateway and a line: the address that the configuration then names. */
  readonly between?: (busId: SiteBusId, line: SimulatedLine) => Promise<{ readonly host: string; readonly port: number }>;
  /** Keys and people are put in, as `gatehouse reader key` and `gatehouse import` would. */
  readonly commission?: boolean;
  /** Another configuration than the usual one. */
  readonly change?: (file: ConfigFileInput) => ConfigFileInput;
}

/** An ordinary configuration in a folder of its own, with simulated readers behind two TCP lines. */
export async function layOutSite(options: SiteOptions = {}): Promise<ConfiguredSite> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-site-'));
  const port = await freePort();
  const lines = { front: await createLine('front'), vault: await createLine('vault') };
  const tcp = async (id: SiteBusId): Promise<Link> => {
    const { host, port: linePort } = (await options.between?.(id, lines[id])) ?? lines[id];
    return { tcp: { host, port: linePort } };
  };
  const process = { dataDir, port, configFile: join(dataDir, 'gatehouse.yaml') };
  const file = siteConfigFile(port, { front: await tcp('front'), vault: await tcp('vault') });
  writeConfig(process.configFile, options.change?.(file) ?? file);
  if (options.commission !== false) await commission(process);
  return {
    process,
    lines,
    readers: Object.fromEntries(
      (['front', 'vault'] as const).flatMap((id) => lines[id].readers.map((reader, index) => [SITE_BUSES[id][index], reader])),
    ) as Record<SiteReaderId, SimulatedPd>,
    remove: async () => {
      await Promise.all(Object.values(lines).map((line) => line.close()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function writeConfig(file: string, config: ConfigFileInput): void {
  writeFileSync(file, stringify(config));
}

async function createLine(id: SiteBusId): Promise<SimulatedLine> {
  return createSimulatedLine({
    host: '127.0.0.1',
    port: 0,
    readers: SITE_BUSES[id].map((readerId, address) => ({ address, scbk: keyOf(readerId) })),
  });
}

async function commission({ configFile, dataDir }: ConfiguredSite['process']): Promise<void> {
  const config = loadConfig({ file: configFile, env: { GATEHOUSE_DATA_DIR: dataDir } });
  const tools = createCliTools();
  for (const { id } of config.installation.readers) await tools.writeReaderKey(config, id, keyOf(id as unknown as SiteReaderId));
  const imported = await tools.importPeople(config, parsePeopleFile(SITE_PEOPLE));
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
}
