import { afterEach, expect, it } from 'vitest';
import { createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { READER_TEMPLATE_BYTES_MAX } from '#gateway/domain/face/reader-match.ts';
import { OsdpSite, readerId, scbkOf } from './osdp-site.ts';

const SCAN = { type: 3, format: 2, qualityMin: 50 };
const TEMPLATE = Uint8Array.from({ length: 160 }, (_, index) => (index * 11) & 0xff);
const TRAIT = { type: 3, format: 2, quality: 80, template: TEMPLATE };
const READER = readerId(0);

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end();
});

async function rig() {
  const line = await createSimulatedLine({ host: '127.0.0.1', port: 0, readers: [{ address: 0, scbk: scbkOf(0) }] });
  cleanUp.push(() => line.close());
  const site = new OsdpSite({ kind: 'tcp', host: line.host, port: line.port }, [0]);
  await site.readers.start();
  cleanUp.push(() => site.readers.stop());
  await expect.poll(() => site.of('online').length, { timeout: 10_000 }).toBe(1);
  const [pd] = line.readers;
  if (pd === undefined) throw new TypeError('the line has a reader');
  return { scanner: pd.device.biometrics, biometrics: site.readers.biometrics };
}

it('compares whoever is there with a template, and scans them, over a secure channel', async () => {
  const { biometrics, scanner } = await rig();
  expect(await biometrics.match(READER, SCAN, TEMPLATE)).toEqual({ ok: true, reader: 0, status: 'timeout', score: 0 });
  expect(await biometrics.scan(READER, SCAN)).toEqual({ ok: false, code: 'timeout' });
  scanner.present(TRAIT);
  expect(await biometrics.match(READER, SCAN, TEMPLATE)).toEqual({ ok: true, reader: 0, status: 'compared', score: 255 });
  expect(await biometrics.match(READER, SCAN, TEMPLATE.subarray(1))).toMatchObject({ status: 'compared', score: 0 });
  expect(await biometrics.scan(READER, SCAN)).toEqual({ ok: true, quality: 80, template: TEMPLATE });
});

it('says that a reader cannot, where it refuses the type or format, or the template is longer than it takes', async () => {
  const { biometrics, scanner } = await rig();
  scanner.present(TRAIT);
  const cannot = { ok: false, code: 'unavailable' };
  expect(await biometrics.match(READER, { ...SCAN, type: 99 }, TEMPLATE)).toEqual(cannot);
  expect(await biometrics.scan(READER, { ...SCAN, format: 99 })).toEqual(cannot);
  expect(await biometrics.match(READER, SCAN, new Uint8Array(2 * READER_TEMPLATE_BYTES_MAX))).toEqual(cannot);
  expect(await biometrics.match(readerId(9), SCAN, TEMPLATE)).toEqual(cannot);
  expect(await biometrics.scan(readerId(9), SCAN)).toEqual(cannot);
});

it('tells whose answer it is, and takes no scan of another reader number, type or quality', async () => {
  const { biometrics, scanner } = await rig();
  scanner.match = () => ({ name: 'BIOMATCHR', body: { reader: 1, status: 0, score: 255 } });
  expect(await biometrics.match(READER, SCAN, TEMPLATE)).toEqual({ ok: true, reader: 1, status: 'compared', score: 255 });
  const good = { reader: 0, status: 0, type: 3, quality: 80, template: TEMPLATE };
  for (const wrong of [{ reader: 1 }, { type: 4 }, { quality: 49 }, { status: 0xff }, { template: new Uint8Array(0) }]) {
    scanner.read = () => ({ name: 'BIOREADR', body: { ...good, ...wrong } });
    expect(await biometrics.scan(READER, SCAN)).toEqual({ ok: false, code: 'unusable' });
  }
  scanner.read = () => ({ name: 'BIOREADR', body: { ...good, type: 4 } });
  expect(await biometrics.scan(READER, { ...SCAN, type: 0 })).toMatchObject({ ok: true });
});
