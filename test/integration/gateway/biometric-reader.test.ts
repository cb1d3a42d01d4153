import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CARD_READS_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { enrolledAtReaderSchema } from '#gateway/http/contract/reader-templates.ts';
import { readerDetailSchema } from '#gateway/http/contract/readers.ts';
import type { ConfigFileInput } from '#gateway/platform/config/file-schema.ts';
import { layOutSite, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { nextDecisionAbout, readWholeLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

const SCAN = { type: 3, format: 2 };
const ANN = { ...SCAN, quality: 90, template: Uint8Array.from({ length: 120 }, (_, index) => (index * 7) & 0xff) };
const SOMEBODY = { ...ANN, template: ANN.template.map((byte) => byte ^ 0xff) };

let site: ConfiguredSite;
let gateway: RunningGateway;
let seen = 0;

/** The reader outside the front door compares fingers itself. */
function withScanner(file: ConfigFileInput): ConfigFileInput {
  const biometrics = { type: SCAN.type, format: SCAN.format, quality_min: 50, score_standard: 150, score_high: 220 };
  const buses = (file.buses ?? []).map((bus) => ({
    ...bus,
    readers: bus.readers?.map((reader) => (reader.id === 'front-in' ? { ...reader, biometrics } : reader)),
  }));
  return { ...file, buses };
}

beforeAll(async () => {
  site = await layOutSite({ change: withScanner });
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
}, 180_000);
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

/** What the policy decided last about Ann. */
async function nextDecision() {
  const { seq, ...decision } = await nextDecisionAbout(gateway, 'usr_ann', seen);
  seen = seq;
  return decision;
}

async function annBadges() {
  // A card beyond the reader's limit is dropped: nobody's hand is as fast as this test.
  await sleep(1_000 / CARD_READS_PER_SECOND_MAX);
  site.readers['front-in'].presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);
  const asked = await nextDecision();
  expect(asked).toMatchObject({ effect: 'permit', obligations: [{ id: 'face', max_age_s: 10 }] });
  return nextDecision();
}

it('opens for a badge and the finger that belongs to it, and for nothing less', async () => {
  const parameters = { maxAgeS: 10, scoreBand: 'standard', liveness: 'none' };
  const setting = JSON.stringify({ policy: 'face', enabled: true, where: { everywhere: true }, parameters });
  expect(await gateway.cli('policy', 'data', 'set', 'library', 'faces', setting, '--reason', 'For the test')).toMatchObject({ code: 0 });
  const scanner = site.readers['front-in'].device.biometrics;

  expect(await annBadges()).toMatchObject({ effect: 'deny', reasons: ['face.not_enrolled'] });

  const enrol = ['biometric', 'enrol', 'front-in', 'usr_ann', '--reason', 'Form signed on 4 May'] as const;
  expect((await gateway.cli(...enrol)).code).not.toBe(0);
  expect((await gateway.cli(...enrol, '--agreed')).code).not.toBe(0); // Nobody was there.
  scanner.present(ANN);
  expect(await gateway.cli(...enrol, '--agreed')).toMatchObject({ code: 0 });

  const known = await gateway.api.get('/api/face/readers/front-in/templates', enrolledAtReaderSchema);
  expect(known).toMatchObject({ people: [{ personId: 'usr_ann' }], next: null });
  expect((await gateway.api.get('/api/readers/front-in', readerDetailSchema)).reader.biometrics).toEqual(SCAN);

  const opened = await annBadges();
  expect(opened).toMatchObject({
    effect: 'permit',
    obligations: [],
    input: { context: { face: { known: true, verified: true, score_band: 'high', source: 'reader', liveness: 'none' } } },
  });
  await untilLogged(
    gateway,
    'outcome',
    (record) => record.type === 'outcome' && record.decisionId === opened.decisionId && record.outcome === 'unlocked',
  );

  scanner.present(SOMEBODY);
  expect(await annBadges()).toMatchObject({ effect: 'deny', reasons: ['face.mismatch'] });
  scanner.present(null);
  expect(await annBadges()).toMatchObject({ effect: 'deny', reasons: ['face.timeout'] });

  // What the log says of all that holds nothing of the finger.
  const log = await readWholeLog(gateway, 'credential');
  const causes = log.flatMap(({ record }) => (record.type === 'credential' ? [record.cause] : []));
  expect(causes).toEqual(expect.arrayContaining(['reader_scan:timeout', 'reader_scan:done', 'door:no_match']));
  expect(JSON.stringify(log)).not.toContain(Buffer.from(ANN.template.subarray(0, 16)).toString('hex'));

  scanner.present(ANN);
  expect(JSON.parse((await gateway.cli('biometric', 'delete', 'usr_ann', '--reason', 'She asked for it', '--json')).stdout)).toEqual({
    removed: 1,
  });
  expect(await annBadges()).toMatchObject({ effect: 'deny', reasons: ['face.not_enrolled'] });
}, 180_000);
