import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readerKeyName } from '#gateway/app/readers/reader-key-store.ts';
import { openRecords } from '#gateway/compose-records.ts';
import { keyOf, layOutSite, type ConfiguredSite, type SiteReaderId } from '#test/support/configured-site.ts';
import { untilLogged } from '#test/support/gateway-log.ts';
import { runGatehouse, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

const SCBK_D = '303132333435363738393a3b3c3d3e3f';
const hexOf = (id: SiteReaderId): string => Buffer.from(keyOf(id)).toString('hex');

let site: ConfiguredSite;
let gateway: RunningGateway | undefined;
const setKey = (id: SiteReaderId, hex: string) => runGatehouse(site.process, ['reader', 'key', id], hex);

beforeAll(async () => {
  site = await layOutSite();
});
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
});

/** As an older release would have stored it. */
async function storeUnasked(keys: Readonly<Record<string, string>>): Promise<void> {
  const records = await openRecords(site.process.dataDir);
  for (const [id, hex] of Object.entries(keys)) await records.secrets.write(readerKeyName(id), Buffer.from(hex, 'hex'));
  await records.close();
}
const isStored = async (id: SiteReaderId, hex: string): Promise<boolean> => {
  const records = await openRecords(site.process.dataDir);
  const stored = await records.secrets.read(readerKeyName(id));
  await records.close();
  return stored !== null && Buffer.from(stored).toString('hex') === hex;
};

describe('gatehouse reader key', () => {
  it.each([
    ['SCBK-D', SCBK_D, /SCBK-D, the key printed in the OSDP standard/],
    ['an unset key', '00'.repeat(16), /one byte repeated/],
    ['a key that counts', '101112131415161718191a1b1c1d1e1f', /only counts/],
    ['a key out of a manual', '2b7e151628aed2a6abf7158809cf4f3c', /printed in examples/],
  ])('refuses %s and keeps the one it has', async (_what, hex, message) => {
    const { code, stdout, stderr } = await setKey('front-in', hex);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
    expect(stderr).toMatch(/nothing is stored/);
    expect(stderr).not.toContain(hex);
    expect(await isStored('front-in', hexOf('front-in'))).toBe(true);
  });

  it('refuses the key of another reader by its name, and takes a reader’s own once more', async () => {
    const refused = await setKey('front-in', hexOf('vault-out'));
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('reader vault-out has this key already')]);
    expect(await isStored('front-in', hexOf('front-in'))).toBe(true);
    expect(await setKey('front-in', hexOf('front-in'))).toMatchObject({ code: 0 });
  });

  it('takes the key of a reader that has another id by now', async () => {
    await storeUnasked({ 'front-in': hexOf('vault-in') });
    await storeUnasked({ 'former-front-in': hexOf('front-in') });
    expect(await setKey('front-in', hexOf('front-in'))).toMatchObject({ code: 0 });
  });
});

describe('a gateway that finds such keys', () => {
  beforeAll(async () => {
    await storeUnasked({ 'front-out': hexOf('front-in'), 'vault-in': SCBK_D });
    site.readers['front-out'].setKey(keyOf('front-in'));
    site.readers['vault-in'].setKey(Buffer.from(SCBK_D, 'hex'));
    gateway = await startGateway(site.process);
  });
  const running = (): RunningGateway => {
    if (gateway === undefined) throw new TypeError('the gateway runs by now');
    return gateway;
  };
  const untilOnline = (id: SiteReaderId) =>
    untilLogged(running(), 'reader_state', (record) => record.type === 'reader_state' && record.readerId === id && record.online);

  it.each<[SiteReaderId, string]>([
    ['front-in', 'osdp.shared_key_refused'],
    ['front-out', 'osdp.shared_key_refused'],
    ['vault-in', 'osdp.default_key_refused'],
  ])('leaves %s off line with an alarm and a warning that names it', async (id, code) => {
    await untilLogged(running(), 'alarm', (record) => record.type === 'alarm' && record.code === code && record.sourceId === id);
    const isWarning = (line: string): boolean =>
      line.includes('"level":40') && line.includes(`"readerId":"${id}"`) && line.includes(`"event":"${code}"`);
    await until('the warning', 5_000, () => (running().output().split('\n').some(isWarning) ? true : null));
    expect(running().output()).not.toContain(SCBK_D);
  });

  it('runs on with the others', async () => {
    await untilOnline('vault-out');
  });

  it('brings all of them on line once each has a key of its own, without a restart', async () => {
    for (const id of ['front-out', 'vault-in'] as const) {
      const hex = Buffer.from(keyOf(id)).toString('hex');
      expect(await setKey(id, hex)).toMatchObject({ code: 0 });
      site.readers[id].setKey(keyOf(id));
    }
    for (const id of ['front-in', 'front-out', 'vault-in'] as const) await untilOnline(id);
  });
});
