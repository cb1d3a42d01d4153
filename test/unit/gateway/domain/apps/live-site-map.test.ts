import { expect, it } from 'vitest';
import { toSiteApp } from '#gateway/domain/apps/added-app.ts';
import { toPolicyData } from '#gateway/domain/policy/data/to-policy-data.ts';
import { EMPTY_DOCUMENT } from '#gateway/domain/policy/data/items.ts';
import { createLiveSiteMap } from '#gateway/domain/site/live-site-map.ts';
import type { AppId } from '#gateway/domain/site/ids.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { someApp } from '#test/support/oidc/some-app.ts';

const board = { app: toSiteApp(someApp()), isEnabled: true };

it('knows what was added at once, whoever holds it, and forgets what is gone', () => {
  const sites = createLiveSiteMap(sampleInstallation);
  const before = sites.installation.apps.length;
  sites.setAdded([board]);
  expect(sites.installation.apps).toHaveLength(before + 1);
  expect(sites.app('board' as AppId)?.name).toBe('Board');
  sites.setAdded([]);
  expect(sites.app('board' as AppId)).toBeUndefined();
  expect(sites.installation.apps).toHaveLength(before);
});

it('holds ready policies that hold everywhere at an app that was added, too', () => {
  const sites = createLiveSiteMap(sampleInstallation);
  const where = { everywhere: true, sites: [], areas: [], doors: [], apps: [], vpnRealms: [], groups: [] };
  const parameters = { schedule: 'always', allowedGroups: [] };
  const document = { ...EMPTY_DOCUMENT, library: { night: { policy: 'after_hours', enabled: true, where, parameters } } };
  const at = () =>
    Object.keys(toPolicyData(document as never, { schedules: {}, holidays: new Map() }, sites).gatehouse.library_settings ?? {});
  expect(at()).not.toContain('app:board');
  sites.setAdded([board]);
  expect(at()).toContain('app:board');
});
