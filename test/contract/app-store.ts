import { describe, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { AppStore } from '#gateway/ports/app-store.ts';
import { sha256, someApp } from '#test/support/oidc/some-app.ts';

const app = (id: string, change: Parameters<typeof someApp>[0] = {}) => someApp({ id: id as AppId, ...change });

export function appStoreContract(name: string, make: (limits?: { appsMax: number }) => Promise<AppStore>): void {
  describe(`AppStore: ${name}`, () => {
    it('returns an app with every field as it was added', async () => {
      const apps = await make();
      const board = app('board', {
        kind: 'website',
        origin: 'https://board.example.com',
        paths: ['/'],
        publicPaths: ['/health'],
        backchannelLogoutUri: 'https://board.example.com/logout',
        rules: { sensitivity: 4, siteId: 'hq', requiresAreaId: 'lab', maxPresenceAgeS: 60, allowedNetworks: ['site'], maxAuthAgeS: 300 },
        secrets: [
          { sha256: sha256('new'), createdAtMs: 2_000, validUntilMs: null },
          { sha256: sha256('old'), createdAtMs: 1_000, validUntilMs: 9_000 },
        ],
      });
      expect(await apps.find(board.id)).toBeNull();
      await apps.add(board);
      expect(await apps.find(board.id)).toEqual(board);
      expect(await apps.list()).toEqual([board]);
    });

    it('lists them in the order in which they were added', async () => {
      const apps = await make();
      for (const [index, id] of ['zebra', 'ant', 'moth'].entries()) await apps.add(app(id, { createdAtMs: index }));
      expect((await apps.list()).map(({ id }) => id)).toEqual(['zebra', 'ant', 'moth']);
    });

    it('replaces the version before, and no other', async () => {
      const apps = await make();
      await apps.add(app('board'));
      expect(await apps.replace(app('board', { name: 'Boards', version: 2 }))).toBe(true);
      expect(await apps.replace(app('board', { name: 'Late', version: 2 }))).toBe(false);
      expect(await apps.replace(app('board', { name: 'Early', version: 4 }))).toBe(false);
      expect(await apps.replace(app('nobody', { version: 2 }))).toBe(false);
      expect(await apps.find('board' as AppId)).toMatchObject({ name: 'Boards', version: 2 });
    });

    it('removes an app once', async () => {
      const apps = await make();
      await apps.add(app('board'));
      expect(await apps.remove('board' as AppId)).toBe(true);
      expect(await apps.remove('board' as AppId)).toBe(false);
      expect(await apps.list()).toEqual([]);
    });

    it('takes no id and no client id twice', async () => {
      const apps = await make();
      await apps.add(app('board'));
      await expect(apps.add(app('board', { clientId: 'another' }))).rejects.toMatchObject({ code: 'store.conflict' });
      await expect(apps.add(app('chart', { clientId: 'board-client' }))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await apps.list()).toHaveLength(1);
    });

    it('takes as many as it may, and not one more', async () => {
      const apps = await make({ appsMax: 2 });
      await apps.add(app('a'));
      await apps.add(app('b'));
      await expect(apps.add(app('c'))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await apps.list()).toHaveLength(2);
    });
  });
}
