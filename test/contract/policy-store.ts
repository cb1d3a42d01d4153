import { describe, expect, it } from 'vitest';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { dataRevisionOf } from '#gateway/domain/policy/data-parts.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import { POLICY_REPORT_BYTES_MAX, type PolicyStore } from '#gateway/ports/policy-store.ts';
import { sampleContent, sampleRevision } from '#test/support/policy/revisions.ts';

const hash = (letter: string): string => letter.repeat(64);
const LIMITS = { revisionsMax: 3, documentsMax: 2, retentionMs: 1_000 };

const bundle: CompiledBundle = {
  manifest: {
    opa_version: '1',
    entrypoint: 'p/d',
    files: { 'policy.wasm': hash('1'), 'data.json': hash('2') },
    sources: {},
    revision: hash('a'),
  },
  wasm: Uint8Array.of(0, 97, 115, 109),
  dataJson: '{}',
  plan: null,
};

function dataOf(schedules: number, grants = 0): PolicyData {
  const schedule = { weekdays: [1], from_minute: 0, until_minute: 1, on_holidays: false };
  return {
    gatehouse: {
      profiles: {},
      grants: Object.fromEntries(Array.from({ length: grants }, (_, index) => [`person:${index}`, []])),
      schedules: Object.fromEntries(Array.from({ length: schedules }, (_, index) => [`s${index}`, schedule])),
      operator_roles: {},
    },
  };
}

/** What every store of policies does. */
export function policyStoreContract(name: string, make: (limits: typeof LIMITS) => Promise<PolicyStore>): void {
  describe(`PolicyStore: ${name}`, () => {
    it('keeps a revision with its content, and refuses its id a second time', async () => {
      const store = await make(LIMITS);
      await store.add(sampleRevision(), sampleContent);
      expect(await store.find('rev_1')).toEqual(sampleRevision());
      expect(await store.content('rev_1')).toEqual(sampleContent);
      expect([await store.find('rev_2'), await store.content('rev_2')]).toEqual([null, null]);
      await expect(store.add(sampleRevision(), sampleContent)).rejects.toMatchObject({ code: 'store.conflict' });
    });

    it('holds as many revisions as it may, and not one more', async () => {
      const store = await make(LIMITS);
      for (const id of ['rev_1', 'rev_2', 'rev_3']) await store.add(sampleRevision({ id }), sampleContent);
      await expect(store.add(sampleRevision({ id: 'rev_4' }), sampleContent)).rejects.toMatchObject({ code: 'store.conflict' });
    });

    it('lists the newest first, page by page', async () => {
      const store = await make(LIMITS);
      for (const id of ['rev_1', 'rev_2', 'rev_3']) await store.add(sampleRevision({ id }), sampleContent);
      const first = await store.list({ beforeId: null, limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(['rev_3', 'rev_2']);
      expect((await store.list({ beforeId: 'rev_2', limit: 2 })).map(({ id }) => id)).toEqual(['rev_1']);
    });

    it('moves a revision on only from the state it is in: of two, one wins', async () => {
      const store = await make(LIMITS);
      await store.add(sampleRevision(), sampleContent);
      const checked = sampleRevision({ state: 'checked', revision: hash('a') });
      expect(await Promise.all([store.advance('draft', checked), store.advance('draft', checked)])).toEqual([true, false]);
      expect(await store.findByRevision(hash('a'))).toEqual(checked);
      expect(await store.findByRevision(hash('b'))).toBeNull();
    });

    it('keeps a bundle byte for byte, and puts a plan in later', async () => {
      const store = await make(LIMITS);
      expect(await store.bundle(hash('a'))).toBeNull();
      await store.keepBundle(hash('a'), bundle);
      expect(await store.bundle(hash('a'))).toEqual(bundle);
      await store.keepBundle(hash('a'), { ...bundle, plan: { static: {} } });
      await store.keepBundle(hash('a'), bundle);
      expect(await store.bundle(hash('a'))).toEqual({ ...bundle, plan: { static: {} } });
    });

    it('keeps one report of a kind, replaces it, and refuses one that is too large', async () => {
      const store = await make(LIMITS);
      await store.add(sampleRevision(), sampleContent);
      expect(await store.report('rev_1', 'impact')).toBeNull();
      await store.keepReport('rev_1', 'impact', { flips: 1 });
      await store.keepReport('rev_1', 'impact', { flips: 2 });
      expect(await store.report('rev_1', 'impact')).toEqual({ flips: 2 });
      expect(await store.report('rev_1', 'test')).toBeNull();
      const large = 'x'.repeat(POLICY_REPORT_BYTES_MAX);
      await expect(store.keepReport('rev_1', 'test', large)).rejects.toMatchObject({ code: 'request.too_large' });
      await store.keepReport('rev_1', 'test', large.slice(2));
    });

    it('moves the pointer and both revisions together, and only from where it stands', async () => {
      const store = await make(LIMITS);
      const first = sampleRevision({ id: 'rev_1', revision: hash('a') });
      const second = sampleRevision({ id: 'rev_2', revision: hash('b') });
      await store.add(first, sampleContent);
      await store.add(second, sampleContent);
      expect(await store.activation()).toBeNull();
      const active = { ...first, state: 'active' as const };
      expect(await store.activate({ expectedNumber: 0, to: active, superseded: null, activatedAtMs: 5 })).toBe(true);
      const change = {
        expectedNumber: 1,
        to: { ...second, state: 'active' as const },
        superseded: { ...first, state: 'superseded' as const },
        activatedAtMs: 6,
      };
      expect(await Promise.all([store.activate(change), store.activate(change)])).toEqual([true, false]);
      expect(await store.activation()).toEqual({
        revisionId: 'rev_2',
        revision: hash('b'),
        previousId: 'rev_1',
        activatedAtMs: 6,
        number: 2,
      });
      expect((await store.find('rev_1'))?.state).toBe('superseded');
      expect((await store.find('rev_2'))?.state).toBe('active');
      expect((await store.activations(10)).map(({ number }) => number)).toEqual([2, 1]);
    });

    it('keeps each data document under its hash, large and small ones, and keeps it once', async () => {
      const store = await make(LIMITS);
      for (const data of [dataOf(0), dataOf(1), dataOf(2, 300)]) {
        const revision = await store.keepData(data, 1);
        expect(revision).toBe(dataRevisionOf(data));
        expect(await store.keepData(data, 2)).toBe(revision);
        expect(await store.data(revision)).toEqual(data);
      }
      expect(await store.data(hash('0'))).toBeNull();
    });

    it('lets two keep the same document at once', async () => {
      const store = await make(LIMITS);
      const data = dataOf(1, 200);
      const [one, other] = await Promise.all([store.keepData(data, 1), store.keepData(data, 1)]);
      expect(one).toBe(other);
      expect(await store.data(one)).toEqual(data);
    });

    it('prunes what is older than the retention or beyond the limit, never the active one, and leaves shared parts', async () => {
      const store = await make(LIMITS);
      const [oldest, middle, newest] = [dataOf(1, 200), dataOf(2, 200), dataOf(3, 200)];
      const revisions = [await store.keepData(oldest, 1), await store.keepData(middle, 900), await store.keepData(newest, 1_500)];
      const active = revisions[0] ?? '';
      expect(await store.pruneData({ nowMs: 1_900, activeDataRevision: active })).toBe(1);
      expect(await store.data(active)).toEqual(oldest);
      expect(await store.data(revisions[1] ?? '')).toBeNull();
      expect(await store.data(revisions[2] ?? '')).toEqual(newest);
      expect(await store.pruneData({ nowMs: 2_500, activeDataRevision: active })).toBe(0);
      expect(await store.pruneData({ nowMs: 2_501, activeDataRevision: active })).toBe(1);
      expect(await store.data(active)).toEqual(oldest);
    });
  });
}
