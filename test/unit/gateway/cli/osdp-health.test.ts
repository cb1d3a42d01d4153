import { describe, expect, it } from 'vitest';
import { OFFLINE_TEXTS } from '#gateway/domain/readers/offline-text.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { runCommand } from '#test/support/cli-run.ts';
import { serveFakeApi } from '#test/support/fake-control-api.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const reader = (id: string, change: Partial<ReaderView>): ReaderView => ({
  id,
  name: id,
  doorId: 'door',
  doorName: 'Door',
  side: 'entry',
  busId: 'bus-1',
  address: 1,
  online: true,
  sinceMs: 0,
  offlineCause: null,
  identity: null,
  condition: null,
  traffic: {
    exchanges: 0,
    polls: 0,
    retries: 0,
    timeouts: 0,
    badChecks: 0,
    offline: 0,
    roundTripP50Ms: 0,
    roundTripP99Ms: 0,
    roundTripMaxMs: 0,
  },
  alarms: {},
  biometrics: null,
  ...change,
});

async function health(readers: readonly ReaderView[], ...args: readonly string[]): Promise<string> {
  const names = Object.fromEntries(readers.map(({ id, name }) => [id, name]));
  const api = await serveFakeApi(
    {
      'GET /api/directory': { body: { people: {}, doors: {}, readers: names, areas: {}, apps: {}, sites: {} } },
      'GET /api/readers': { body: { readers } },
      'GET /api/reader-conditions': { body: { conditions: [] } },
    },
    0,
  );
  const env = { GATEHOUSE_URL: api.url, GATEHOUSE_TOKEN: 'token' };
  const { exitCode, out } = await runCommand(['osdp', 'health', ...args], { cwd: await temporaryFolder(), env });
  expect(exitCode).toBe(0);
  return out;
}

const causes = Object.keys(OFFLINE_TEXTS) as readonly NonNullable<ReaderView['offlineCause']>[];

describe('gatehouse osdp health', () => {
  it.each(causes)('says of one reader that is off line (%s) why, and what to do', async (offlineCause) => {
    const out = await health([reader('front', { online: false, offlineCause })], 'front');
    expect(out).toContain(`${OFFLINE_TEXTS[offlineCause].label}: ${OFFLINE_TEXTS[offlineCause].remedy}`);
  });

  it('says so of one that was never heard, and nothing of one that is well', async () => {
    expect(await health([reader('front', { online: false })], 'front')).toContain(OFFLINE_TEXTS.never_seen.remedy);
    expect((await health([reader('front', {})], 'front')).trim().split('\n')).toHaveLength(2);
  });

  it('keeps to one line a reader for all of them', async () => {
    const out = await health([reader('front', { online: false, offlineCause: 'timeout' }), reader('back', {})]);
    expect(out.trim().split('\n')).toHaveLength(3);
  });
});
