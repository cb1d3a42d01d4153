import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createScryptPinHasher } from '#adapters/crypto/scrypt-pin-hasher.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { TEXTS } from '#adapters/osdp/default-signs.ts';
import { ledControls } from '#adapters/osdp/messages/output-codecs.ts';
import { createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import { createBadgeRead, createPinRead, findBadgeHolder } from '#gateway/app/doors/badge-read.ts';
import { DoorController } from '#gateway/app/doors/door-controller.ts';
import { ReaderTamper } from '#gateway/app/doors/reader-tamper.ts';
import { createPinCheck } from '#gateway/app/doors/pin-check.ts';
import { createSetPin } from '#gateway/app/people/set-pin.ts';
import type { AuditRecordOf, AuditRecordType } from '#gateway/domain/audit/record.ts';
import { encodeCard } from '#gateway/domain/people/card-format.ts';
import { PIN_WRONG_MAX } from '#gateway/domain/people/pin.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { eventually } from '#test/support/eventually.ts';
import { sampleBadge, samplePerson } from '#test/support/sample-input.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const SCBK = Uint8Array.from({ length: 16 }, (_, index) => index * 17 + 3);
const CARD = encodeCard({ format: 'H10301', facility: 12, number: '3456' }) ?? expect.fail();
const READER = sampleInstallation.readers[0] ?? expect.fail();
const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The main door with a PIN, from the reader's keys to the compiled policy: everything real but the reader's hardware. */
async function pinDoor() {
  const clock = createSystemClock();
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const installation = { ...sampleInstallation, doors: sampleInstallation.doors.map((door) => ({ ...door, requiresPin: 'always' })) };
  const sites = createSiteMap(installation);
  const policy = await createOpaWasmEngine(await loadPolicyBundle());
  policy.setData({
    gatehouse: {
      profiles: { all: { [`door:${READER.doorId}`]: true } },
      grants: { [`person:${samplePerson.id}`]: [{ id: 'grt_1', profile: 'all', schedule: 'always', valid_from_ms: 0, valid_until_ms: 0 }] },
      schedules: { always: ALWAYS },
      operator_roles: {},
    },
  });
  const hasher = createScryptPinHasher(async () => new Uint8Array(32).fill(9));
  await stores.people.save(samplePerson);
  await stores.credentials.saveBadge(sampleBadge);
  await createSetPin({ ...stores, hasher, clock, random })({ personId: samplePerson.id, pin: '5806', duressPin: '6194' });
  const line = await createSimulatedLine({ host: '127.0.0.1', port: 0, readers: [{ address: READER.address, scbk: SCBK }] });
  closing.push(() => line.close());
  const pd = line.readers[0] ?? expect.fail();
  const readers = createOsdpReaders({
    buses: [
      {
        id: 'bus',
        link: { kind: 'tcp', host: line.host, port: line.port },
        pollIntervalMs: 10,
        readers: [{ readerId: READER.id, address: READER.address }],
      },
    ],
    keyOf: () => Uint8Array.from(SCBK),
    signsOf: () => ({ language: 'de', signs: {} }),
    clock,
  });
  const tamper = new ReaderTamper();
  const deps = {
    sites,
    people: stores.people,
    credentials: stores.credentials,
    presence: stores.presences,
    tamper,
    pins: createPinCheck({ credentials: stores.credentials, hasher, clock }),
    assemble: createAssembleInput(sites),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 5_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
    clock,
    random,
  };
  const controller = new DoorController({
    sites,
    readers,
    badgeRead: createBadgeRead(deps),
    pinRead: createPinRead(deps),
    findHolder: (read) => findBadgeHolder(deps, read),
    tamper,
    audit,
    clock,
    onUnrecorded: () => undefined,
  });
  /** What the reader was told, byte for byte. */
  const shown: string[] = [];
  pd.onLed((led) => shown.push(`LED ${Buffer.from(ledControls.encode([led])).toString('hex')}`));
  pd.onBuzzer((buzzer) => shown.push(`BUZ ${JSON.stringify(buzzer)}`));
  pd.device.display.onText((text) => shown.push(`TEXT ${Buffer.from(text.text).toString('latin1')}`));
  pd.onOutput(({ output, active }) => shown.push(`OUT ${output} ${String(active)}`));
  controller.start();
  closing.push(() => readers.stop());
  await readers.start();
  const records = async <T extends AuditRecordType>(type: T) =>
    (await audit.read({ from: { afterSeq: 0 }, limit: 1_000, types: [type] })).map(({ record }) => record as AuditRecordOf<T>);
  await eventually(async () => expect((await records('reader_state')).at(-1)?.online).toBe(true));
  const decided = (count: number) => eventually(async () => expect(await records('decision')).toHaveLength(count));
  return { pd, shown, records, decided };
}

type PinDoor = Awaited<ReturnType<typeof pinDoor>>;

async function badgeAndEnter({ pd, decided, records }: PinDoor, keys: string): Promise<void> {
  const before = (await records('decision')).length;
  pd.presentCard(CARD.bits, CARD.bitCount);
  await eventually(() => expect(pd.text).toBe(TEXTS.de.pin_wanted));
  pd.pressKeys(keys);
  await decided(before + 2);
}

describe('a PIN at a reader on a real line', () => {
  it('is asked for with light and text, and opens the door', async () => {
    const door = await pinDoor();
    door.pd.presentCard(CARD.bits, CARD.bitCount);
    await eventually(() => expect(door.pd.text).toBe('PIN eingeben + #'));
    expect(door.pd.outputs[0]).toBe(false);
    for (const key of '5806#') door.pd.pressKeys(key);
    await eventually(() => expect(door.pd.outputs[0]).toBe(true));
    await eventually(() => expect(door.pd.text).toBe('Willkommen'));
    expect(await door.records('decision')).toMatchObject([
      { effect: 'permit', obligations: [{ id: 'pin' }] },
      { effect: 'permit', obligations: [] },
    ]);
  });

  it('locks after wrong ones, and then refuses the badge alone', async () => {
    const door = await pinDoor();
    for (let attempt = 0; attempt < PIN_WRONG_MAX; attempt += 1) {
      await badgeAndEnter(door, '7301#');
      await eventually(() => expect(door.pd.text).toBe(TEXTS.de.denied));
    }
    expect((await door.records('decision')).at(-1)?.reasons).toEqual(['pin.invalid', 'pin.locked']);
    door.pd.presentCard(CARD.bits, CARD.bitCount);
    await door.decided(PIN_WRONG_MAX * 2 + 1);
    expect((await door.records('decision')).at(-1)?.reasons).toEqual(['pin.locked']);
    expect(door.pd.outputs[0]).toBe(false);
  });

  it('given under duress sends the same bytes to the reader, and raises the alarm in the log', async () => {
    const told: string[][] = [];
    for (const pin of ['5806', '6194']) {
      const door = await pinDoor();
      await badgeAndEnter(door, `${pin}#`);
      await eventually(() => expect(door.pd.text).toBe('Willkommen'));
      await eventually(() => expect(door.shown.filter((line) => line.startsWith('LED'))).toHaveLength(3));
      told.push(door.shown);
      const alarms = await door.records('alarm');
      expect(alarms.map(({ code }) => code)).toEqual(pin === '6194' ? ['duress'] : []);
    }
    expect(told[1]).toEqual(told[0]);
  });

  it('is not reached by a flood of keys: the reader is rated, and no entry was asked for', async () => {
    const door = await pinDoor();
    for (let burst = 0; burst < 200; burst += 1) door.pd.pressKeys('5806#');
    await eventually(async () => {
      const alarms = (await door.records('alarm')).filter(({ code }) => code === 'osdp.keypad_rate_exceeded');
      expect(alarms.at(-1)?.active).toBe(false);
      expect(alarms.reduce((sum, { dropped = 0 }) => sum + dropped, 0)).toBeGreaterThan(0);
    });
    expect(await door.records('decision')).toEqual([]);
    expect(door.pd.outputs[0]).toBe(false);
  });
});
