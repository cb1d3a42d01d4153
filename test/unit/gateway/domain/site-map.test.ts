import { describe, expect, it } from 'vitest';
import type { AppId, AreaId, DoorId, ReaderId, SiteId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import type { Area, Installation } from '#gateway/domain/site/site.ts';
import { AREA_DEPTH_MAX, createSiteMap } from '#gateway/domain/site/site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const sites = createSiteMap(sampleInstallation);
const idsOf = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

it('finds each thing by its id, and an app by its client', () => {
  expect(sites.site('hq' as SiteId)?.timeZone).toBe('Europe/Berlin');
  expect(sites.door('main' as DoorId)?.toAreaId).toBe('building');
  expect(sites.reader('servers-door-out' as ReaderId)?.side).toBe('exit');
  expect(sites.app('wiki' as AppId)).toBe(sites.appOfClient('wiki-client'));
});

it('finds nothing by an id of another kind', () => {
  expect([
    sites.door('hq' as DoorId),
    sites.site('main' as SiteId),
    sites.vpnRealm('wiki' as VpnRealmId),
    sites.appOfClient('wiki'),
  ]).toEqual([undefined, undefined, undefined, undefined]);
});

it('gives the readers of a door, and none for a door without', () => {
  expect(idsOf(sites.readersOf('servers-door' as DoorId))).toEqual(['servers-door-in', 'servers-door-out']);
  expect(sites.readersOf('back' as DoorId)).toEqual([]);
});

describe('the chain of areas', () => {
  const chainOf = (count: number): Installation => ({
    ...sampleInstallation,
    areas: Array.from({ length: count }, (_, index): Area => ({
      id: `area-${index}` as AreaId,
      siteId: 'hq' as SiteId,
      parentId: index === 0 ? null : (`area-${index - 1}` as AreaId),
      name: '',
      securityLevel: 0,
      captive: false,
      requiresAppId: null,
    })),
  });

  it('begins with the area itself and ends at the outermost', () => {
    expect(sites.areaChain('servers' as AreaId)).toEqual(['servers', 'building']);
    expect(sites.areaChain('nowhere' as AreaId)).toEqual([]);
  });

  it.each([
    [AREA_DEPTH_MAX, AREA_DEPTH_MAX],
    [AREA_DEPTH_MAX + 1, AREA_DEPTH_MAX],
  ])('of %d nested areas has %d', (count, length) => {
    const innermost = `area-${count - 1}` as AreaId;
    expect(createSiteMap(chainOf(count)).areaChain(innermost)).toHaveLength(length);
  });

  it('ends though areas contain one another', () => {
    const { areas, ...rest } = chainOf(2);
    const looped = areas.map((area, index) => (index === 0 ? { ...area, parentId: 'area-1' as AreaId } : area));
    expect(createSiteMap({ ...rest, areas: looped }).areaChain('area-1' as AreaId)).toHaveLength(AREA_DEPTH_MAX);
  });
});
