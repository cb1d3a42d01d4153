import type { PolicyDataView, PolicyDocument } from '#gateway/http/contract/policy-data.ts';

const HOUR_MS = 3_600_000;
const weekdays = [1, 2, 3, 4, 5];

/** What a small site edits in its first week. */
export const FIRST_DOCUMENT: PolicyDocument = {
  profiles: {
    everyday: {
      name: 'Everyday work',
      resources: [
        { kind: 'door', id: 'dor_main' },
        { kind: 'app', id: 'app_wiki' },
      ],
    },
    servers: { name: 'Server operations', resources: [{ kind: 'door', id: 'dor_server' }] },
  },
  grants: {
    grt_staff: grant('everyday', 'role', 'staff', 'always'),
    grt_ben: grant('servers', 'person', 'usr_ben', 'office'),
    grt_old: { ...grant('servers', 'group', 'movers', 'office'), validUntilMs: Date.now() - HOUR_MS },
  },
  schedules: { nights: { name: 'Night shift', windows: [{ weekdays, from: '22:00', until: '06:00' }], onHolidays: true } },
  holidays: {},
  areas: { are_server: { securityLevel: 4 } },
  threats: {},
  exceptions: {
    exc_now: exception(-1, 3, 'Repairs the air conditioning'),
    exc_past: exception(-30, -20, 'Moved the racks'),
  },
  library: {},
};

export const POLICY_FILE: PolicyDataView['file'] = {
  schedules: { office: { name: '', windows: [{ weekdays, from: '08:00', until: '18:00' }], onHolidays: false } },
  holidays: { 'hq:2026-12-25': { siteId: 'hq', date: '2026-12-25', name: 'Christmas Day' } },
  sites: [{ id: 'hq', name: 'Headquarters', timeZone: 'Europe/Berlin' }],
  areas: [
    { id: 'are_office', name: 'Open office', siteId: 'hq', parentId: null, securityLevel: 1 },
    { id: 'are_server', name: 'Server room', siteId: 'hq', parentId: 'are_office', securityLevel: 3 },
  ],
  resources: [
    { kind: 'door', id: 'dor_main', name: 'Main entrance' },
    { kind: 'door', id: 'dor_server', name: 'Server room' },
    { kind: 'app', id: 'app_wiki', name: 'Wiki' },
    { kind: 'app', id: 'app_payroll', name: 'Payroll' },
    { kind: 'vpn_realm', id: 'vpn', name: 'Corporate VPN' },
  ],
};

function grant(profileId: string, kind: 'person' | 'group' | 'role', id: string, schedule: string) {
  return { profileId, holder: { kind, id }, schedule, validFromMs: null, validUntilMs: null, reason: 'Part of the work' };
}

function exception(fromHours: number, untilHours: number, reason: string): PolicyDocument['exceptions'][string] {
  const [fromMs, untilMs] = [Date.now() + fromHours * HOUR_MS, Date.now() + untilHours * HOUR_MS];
  return {
    personId: 'usr_eli',
    resource: { kind: 'door', id: 'dor_server' },
    relaxes: ['grant.outside_schedule'],
    fromMs,
    untilMs,
    reason,
  };
}
