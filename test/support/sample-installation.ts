import type { AppId, AreaId, BusId, DoorId, ReaderId, SiteId } from '#gateway/domain/site/ids.ts';
import type { App, Door, Installation, Reader } from '#gateway/domain/site/site.ts';

const door = (id: string, fromAreaId: string | null, toAreaId: string): Door => ({
  id: id as DoorId,
  siteId: 'hq' as SiteId,
  name: id,
  fromAreaId: fromAreaId as AreaId | null,
  toAreaId: toAreaId as AreaId,
  lock: 'fail_secure',
  releaseMs: 5_000,
  extendedReleaseMs: 15_000,
  openMs: 30_000,
  extendedOpenMs: 60_000,
  requiresPin: null,
});

const entry = (doorId: string, address: number): Reader => ({
  id: `${doorId}-in` as ReaderId,
  name: `${doorId}-in`,
  doorId: doorId as DoorId,
  side: 'entry',
  busId: 'bus' as BusId,
  address,
  strikeOutput: 0,
  contactInput: 0,
  rexInput: 1,
});

const app = (id: string, over: Partial<App> = {}): App => ({
  id: id as AppId,
  name: id,
  clientId: `${id}-client`,
  sensitivity: 1,
  siteId: 'hq' as SiteId,
  requiresAreaId: null,
  maxPresenceAgeS: 36_000,
  allowedNetworks: [],
  maxAuthAgeS: 0,
  ...over,
});

/** One site, a building with a captive server room, two doors, three readers, two apps. */
export const sampleInstallation: Installation = {
  sites: [{ id: 'hq' as SiteId, name: 'HQ', timeZone: 'Europe/Berlin' }],
  areas: [
    {
      id: 'building' as AreaId,
      siteId: 'hq' as SiteId,
      parentId: null,
      name: 'Building',
      securityLevel: 1,
      captive: false,
      requiresAppId: null,
    },
    {
      id: 'servers' as AreaId,
      siteId: 'hq' as SiteId,
      parentId: 'building' as AreaId,
      name: 'Server room',
      securityLevel: 4,
      captive: true,
      requiresAppId: 'server-console' as AppId,
    },
  ],
  doors: [door('main', null, 'building'), door('servers-door', 'building', 'servers')],
  readers: [
    entry('main', 1),
    entry('servers-door', 2),
    {
      ...entry('servers-door', 3),
      id: 'servers-door-out' as ReaderId,
      name: 'servers-door-out',
      side: 'exit',
      strikeOutput: null,
      contactInput: null,
      rexInput: null,
    },
  ],
  apps: [app('wiki'), app('server-console', { requiresAreaId: 'servers' as AreaId, sensitivity: 4 })],
  vpnRealms: [],
};
