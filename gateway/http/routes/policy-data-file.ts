import type { FileData } from '../../domain/policy/data/to-policy-data.ts';
import { fromPlainSchedule } from '../../domain/policy/data/week-schedule.ts';
import type { Installation } from '../../domain/site/site.ts';
import type { PolicyDataView } from '../contract/policy-data.ts';

/** What the configuration file says, in the shape of the items that lie over it. */
export function fileView(installation: Installation, { schedules, holidays }: FileData): PolicyDataView['file'] {
  const dates = [...holidays].flatMap(([siteId, days]) => days.map((date) => ({ siteId, date, name: '' })));
  const named = <Kind extends 'door' | 'app' | 'vpn_realm'>(kind: Kind, items: readonly { readonly id: string; readonly name: string }[]) =>
    items.map(({ id, name }) => ({ kind, id, name }));
  return {
    schedules: Object.fromEntries(Object.entries(schedules).map(([name, schedule]) => [name, fromPlainSchedule(schedule)])),
    holidays: Object.fromEntries(dates.map((holiday) => [`${holiday.siteId}:${holiday.date}`, holiday])),
    sites: installation.sites.map(({ id, name, timeZone }) => ({ id, name, timeZone })),
    areas: installation.areas.map(({ id, name, siteId, parentId, securityLevel }) => ({ id, name, siteId, parentId, securityLevel })),
    resources: [...named('door', installation.doors), ...named('app', installation.apps), ...named('vpn_realm', installation.vpnRealms)],
  };
}
