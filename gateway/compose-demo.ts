import { createHash } from 'node:crypto';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createSimulatedLine, type SimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { createImportPeople } from './app/people/import-people.ts';
import { createReaderKeyStore, readerKeyName } from './app/readers/reader-key-store.ts';
import type { ComposeOptions } from './compose-options.ts';
import { createSetPin } from './app/people/set-pin.ts';
import { createPinHasher, openRecords, type Records } from './compose-records.ts';
import { DEMO_APPS } from './demo/demo-apps.ts';
import { DEMO_APP_IDS, DEMO_BUS_IDS, DEMO_BUS_READERS, demoConfigFile, type DemoAppId, type DemoBusId } from './demo/demo-installation.ts';
import { DEMO_PEOPLE_FILE, DEMO_PIN_HOLDERS } from './demo/demo-people.ts';
import { createDemoSite, type DemoPerson, type ReaderHand } from './demo/demo-site.ts';
import { GatewayError } from './domain/errors.ts';
import { findDuressProblem, findPinProblem } from './domain/people/pin-rules.ts';
import type { PersonId, ReaderId } from './domain/site/ids.ts';
import type { NetworkZone } from './domain/site/site.ts';
import { createSiteMap } from './domain/site/site-map.ts';
import type { Config } from './platform/config/config.ts';
import type { Environment } from './platform/config/environment-overrides.ts';
import { parseConfig } from './platform/config/load-config.ts';
import { parsePeopleFile } from './platform/people-file.ts';
import type { DemoPins } from './ports/demo-site.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';

const SCBK_LENGTH_BYTES = 16;
const CLIENT_SECRET_LENGTH_BYTES = 32;
const DEMO_PIN_LENGTH = 4;

export interface DemoApp {
  readonly id: DemoAppId;
  readonly name: string;
  readonly description: string;
  readonly origin: string;
  readonly clientSecret: string;
}

export interface Demo {
  readonly config: Config;
  readonly options: NonNullable<ComposeOptions['demo']>;
  readonly apps: readonly DemoApp[];
  close(): Promise<void>;
}

export interface DemoSettings {
  readonly env: Environment;
  /** Where browsers will reach the gateway. */
  readonly gatewayPort: number;
  /** App id -> port of its own server. */
  readonly appPorts: Readonly<Record<DemoAppId, number>>;
  readonly dataDir: string;
}

/**
 * The demo site: keys and people are put into the embedded store, every reader is a simulated PD behind a TCP line that speaks OSDP with
 * the key the gateway has for it. What the gateway then runs on is an ordinary configuration.
 */
export async function composeDemo(settings: DemoSettings): Promise<Demo> {
  const random = createSystemRandom();
  const records = await openRecords(settings.dataDir);
  try {
    const lines = await startLines(records.secrets, () => random.bytes(SCBK_LENGTH_BYTES));
    const apps = DEMO_APP_IDS.map((id) => ({
      id,
      ...DEMO_APPS[id],
      origin: `http://localhost:${settings.appPorts[id]}`,
      clientSecret: Buffer.from(random.bytes(CLIENT_SECRET_LENGTH_BYTES)).toString('base64url'),
    }));
    const file = demoConfigFile({
      gateway: settings.gatewayPort,
      buses: mapKeys(DEMO_BUS_IDS, (id) => lines.byBus[id].port),
      apps: mapKeys(DEMO_APP_IDS, (id) => toClient(apps.find((app) => app.id === id))),
    });
    const config = parseConfig({ ...file, data_dir: settings.dataDir }, settings.env);
    if ((await records.people.list({ after: null, limit: 1 })).length === 0) {
      await importDemoPeople(config, { ...records, random, clock: createSystemClock() });
    }
    const pins = await drawPins(records, random);
    return { config, apps, options: demoOptions(config, { apps, hands: lines.hands, pins }), close: () => closeLines(lines.byBus) };
  } finally {
    await records.close();
  }
}

async function startLines(secrets: SecretStore, createKey: () => Uint8Array) {
  const hands = new Map<ReaderId, ReaderHand>();
  const started: [DemoBusId, SimulatedLine][] = [];
  for (const busId of DEMO_BUS_IDS) {
    const readers = DEMO_BUS_READERS[busId];
    const keys = await Promise.all(readers.map(({ id }) => readOrCreateKey(secrets, id as ReaderId, createKey)));
    const line = await createSimulatedLine({
      host: '127.0.0.1',
      port: 0,
      readers: readers.map(({ address }, index) => ({ address, scbk: keys[index] ?? createKey() })),
    });
    // The simulated readers hold copies.
    keys.forEach((key) => key.fill(0));
    readers.forEach(({ id }, index) => {
      const reader = line.readers[index];
      if (reader !== undefined) hands.set(id as ReaderId, reader);
    });
    started.push([busId, line]);
  }
  return { hands, byBus: Object.fromEntries(started) as Record<DemoBusId, SimulatedLine> };
}

/** The reader is made anew with what is its key now, whatever was changed while it ran before. */
async function readOrCreateKey(secrets: SecretStore, readerId: ReaderId, createKey: () => Uint8Array): Promise<Uint8Array> {
  (await secrets.readOrCreate(readerKeyName(readerId), createKey)).fill(0);
  return (await createReaderKeyStore(secrets).read(readerId))?.current ?? createKey();
}

async function closeLines(byBus: Readonly<Record<DemoBusId, SimulatedLine>>): Promise<void> {
  await Promise.all(Object.values(byBus).map((line) => line.close()));
}

function toClient(app: DemoApp | undefined): { readonly origin: string; readonly secretSha256: string } {
  if (app === undefined) throw new TypeError('every demo app is started');
  return { origin: app.origin, secretSha256: createHash('sha256').update(app.clientSecret, 'utf8').digest('hex') };
}

async function importDemoPeople(
  config: Config,
  stores: Omit<Parameters<typeof createImportPeople>[0], 'installation' | 'scheduleNames'>,
): Promise<void> {
  const imported = await createImportPeople({
    ...stores,
    installation: config.installation,
    scheduleNames: new Set(Object.keys(config.schedules)),
  })(parsePeopleFile(DEMO_PEOPLE_FILE));
  if (!imported.ok) throw new GatewayError('internal.failure', 'the demo people do not fit the demo site');
}

/** New PINs at every start: no constant of a published program opens a door. */
async function drawPins(records: Records, random: Random): Promise<ReadonlyMap<string, DemoPins>> {
  const setPin = createSetPin({ ...records, random, clock: createSystemClock(), hasher: createPinHasher(records.secrets, random) });
  const drawn = new Map<string, DemoPins>();
  for (const id of DEMO_PIN_HOLDERS) {
    const pin = drawUntil(random, (candidate) => findPinProblem(candidate) === null);
    const duressPin = drawUntil(random, (candidate) => findDuressProblem(pin, candidate) === null);
    const set = await setPin({ personId: id as PersonId, pin, duressPin });
    // Whoever brought people of their own has none of the demo's.
    if (set.ok) drawn.set(id, { pin, duressPin });
  }
  return drawn;
}

/** Most PINs are usable: a few draws are enough. */
function drawUntil(random: Random, isUsable: (pin: string) => boolean): string {
  for (;;) {
    const pin = Array.from(random.bytes(DEMO_PIN_LENGTH), (byte) => byte % 10).join('');
    if (isUsable(pin)) return pin;
  }
}

interface DemoParts {
  readonly apps: readonly DemoApp[];
  readonly hands: ReadonlyMap<ReaderId, ReaderHand>;
  readonly pins: ReadonlyMap<string, DemoPins>;
}

function demoOptions(config: Config, { apps, hands, pins }: DemoParts): Demo['options'] {
  const zone: { current: NetworkZone | null } = { current: null };
  const file = parsePeopleFile(DEMO_PEOPLE_FILE);
  const people: DemoPerson[] = file.people.flatMap(({ id, displayName, badges: [badge] }): DemoPerson[] => {
    // The demo's own badges are of the formats that the gateway reads.
    if (badge === undefined) return [];
    const card = { format: badge.format, facility: badge.facility, number: badge.number };
    const own = pins.get(id);
    return [own === undefined ? { id, displayName, card } : { id, displayName, card, pins: own }];
  });
  return {
    zone: () => zone.current,
    site: (audit) =>
      createDemoSite({
        sites: createSiteMap(config.installation),
        people,
        // Neither an operator nor a guest: the access of most people.
        startPersonId: file.people.find(({ roles }) => roles.every((role) => role === 'staff'))?.id ?? null,
        apps: apps.map(({ id, name, description, origin }) => ({ id, name, url: origin, description })),
        hands,
        audit,
        zone,
      }),
  };
}

function mapKeys<Key extends string, Value>(keys: readonly Key[], toValue: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, toValue(key)])) as Record<Key, Value>;
}
