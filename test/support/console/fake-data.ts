import type { Directory, DoorView, Entry, PersonDetail, PersonView } from '#gateway/http/contract/admin.ts';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { sampleInput } from '../sample-input.ts';

type LogRecord = Entry['record'];
export type Decision = Extract<LogRecord, { readonly type: 'decision' }>;

const person = (id: string, displayName: string, change: Partial<PersonView> = {}): PersonView => ({
  id,
  displayName,
  email: `${displayName.split(' ')[0]?.toLowerCase() ?? id}@demo.example`,
  standing: 'active',
  roles: [],
  groups: ['operations'],
  clearance: 2,
  presence: { state: 'outside', areaId: null, areaName: null, observedAtMs: Date.now() - 3_600_000 },
  ...change,
});

export const people: readonly PersonView[] = [
  person('usr_ada', 'Ada Okafor', {
    roles: ['security_admin'],
    clearance: 4,
    presence: { state: 'inside', areaId: 'are_office', areaName: 'Open office', observedAtMs: Date.now() - 740_000 },
  }),
  person('usr_ben', 'Ben Aalto', {
    groups: ['operations', 'server-room'],
    clearance: 3,
    presence: { state: 'inside', areaId: 'are_server', areaName: 'Server room', observedAtMs: Date.now() - 95_000 },
  }),
  person('usr_chi', 'Chiara Lindqvist', { roles: ['security_admin'], groups: ['security'] }),
  person('usr_dev', 'Devika Raman', { standing: 'suspended', groups: ['finance'] }),
  person('usr_eli', 'Elias Fontaine', {
    standing: 'restricted',
    groups: ['contractors'],
    presence: { state: 'stale', areaId: 'are_office', areaName: 'Open office', observedAtMs: Date.now() - 39_000_000 },
  }),
  person('usr_fay', 'Fay Castellanos-Whitmore', { standing: 'departed', email: null, groups: [], presence: null }),
];

const door = (
  id: string,
  name: string,
  place: readonly [string, string | null, string],
  change: Partial<DoorView['status']> = {},
): DoorView => ({
  id,
  name,
  siteName: place[0],
  fromArea: place[1],
  toArea: place[2],
  lock: id === 'dor_main' ? 'fail_safe' : 'fail_secure',
  status: {
    doorId: id,
    contact: 'closed',
    lock: 'locked',
    mode: 'secure',
    forced: false,
    openTooLong: false,
    tamper: false,
    fault: 'none',
    ...change,
  },
  statusSinceMs: Date.now() - 412_000,
  requiresPin: id === 'dor_dock' ? 'always' : null,
  readers: [
    { id: `${id}_in`, name: `${name} in`, side: 'entry', online: change.fault !== 'reader_offline' },
    { id: `${id}_out`, name: `${name} out`, side: 'exit', online: true },
  ],
});

export const doors: readonly DoorView[] = [
  door('dor_main', 'Main entrance', ['Harbour house', null, 'Lobby']),
  door('dor_office', 'Office', ['Harbour house', 'Lobby', 'Open office'], { lock: 'unlocked', mode: 'free' }),
  door('dor_server', 'Server room', ['Harbour house', 'Open office', 'Server room']),
  door('dor_dock', 'Loading dock', ['North depot', null, 'Dock'], { contact: 'open', openTooLong: true, lock: 'unlocked' }),
  door('dor_cage', 'Parts cage', ['North depot', 'Dock', 'Parts cage'], {
    contact: 'unknown',
    lock: 'unknown',
    mode: 'unknown',
    fault: 'reader_offline',
  }),
  door('dor_control', 'Control room', ['North depot', 'Dock', 'Control room']),
];

export const directory: Directory = {
  people: Object.fromEntries(people.map(({ id, displayName }) => [id, displayName])),
  doors: Object.fromEntries(doors.map(({ id, name }) => [id, name])),
  readers: Object.fromEntries(doors.flatMap(({ readers }) => readers.map(({ id, name }) => [id, name]))),
  areas: { are_office: 'Open office', are_server: 'Server room', are_lobby: 'Lobby' },
  apps: { app_wiki: 'Wiki', app_ops: 'Server console', app_pay: 'Payroll' },
  sites: { sit_harbour: 'Harbour house', sit_north: 'North depot' },
};

export function detailOf(view: PersonView): PersonDetail {
  const gone = view.standing === 'suspended' || view.standing === 'departed';
  return {
    person: view,
    restriction:
      view.standing === 'restricted' ? { cause: 'door:no_match', sinceMs: Date.now() - 600_000, untilMs: Date.now() + 13_800_000 } : null,
    credentials: [
      { id: `${view.id}_badge`, kind: 'badge', label: 'H10301 12:3456', status: gone ? 'suspended' : 'active' },
      { id: `${view.id}_key`, kind: 'passkey', label: 'This laptop', status: 'active' },
      { id: `${view.id}_pin`, kind: 'pin', label: 'PIN', status: 'locked' },
    ],
    access: [
      {
        profile: 'Everyday',
        resources: [
          { kind: 'door', id: 'dor_main', name: 'Main entrance' },
          { kind: 'door', id: 'dor_office', name: 'Office' },
          { kind: 'app', id: 'app_wiki', name: 'Wiki' },
          { kind: 'vpn_realm', id: 'vpn_staff', name: 'Staff VPN' },
        ],
      },
      {
        profile: 'Server operations',
        resources: [
          { kind: 'door', id: 'dor_server', name: 'Server room' },
          { kind: 'app', id: 'app_ops', name: 'Server console' },
        ],
      },
    ],
    sessions: gone
      ? []
      : [
          { id: `${view.id}_s1`, kind: 'app', appName: 'Server console', startedAtMs: Date.now() - 80_000 },
          { id: `${view.id}_s2`, kind: 'provider', appName: null, startedAtMs: Date.now() - 81_000 },
        ],
    reinstatement: null,
  };
}

export const demo: DemoView = {
  people: people.slice(0, 5).map(({ id, displayName }, index) => ({
    id,
    displayName,
    badge: `12:${String(3456 + index)}`,
    pins: index === 0 ? { pin: '5806', duressPin: '6194' } : null,
  })),
  readers: doors.flatMap(({ id: doorId, name, siteName, readers }) =>
    readers.map(({ id, name: readerName, side }) => {
      const hasKeypad = id === 'dor_dock_in';
      return { id, name: readerName, doorId, doorName: name, siteName, side, hasKeypad };
    }),
  ),
  exitDoorIds: doors.slice(0, 2).map(({ id }) => id),
  startPersonId: 'usr_ben',
  apps: [
    { id: 'app_wiki', name: 'Wiki', url: 'http://localhost:9/wiki', description: 'Open from any network to all staff.' },
    { id: 'app_ops', name: 'Server console', url: 'http://localhost:9/ops', description: 'Only for those who are in the server room.' },
    { id: 'app_pay', name: 'Payroll', url: 'http://localhost:9/pay', description: 'Only from a site network or the VPN.' },
  ],
  networkZone: null,
};

export function decision(decisionId: string, change: Partial<Decision>, agoMs = 0): Decision {
  return {
    type: 'decision',
    occurredAtMs: Date.now() - agoMs,
    decisionId,
    channel: 'osdp',
    action: 'door.unlock',
    personId: 'usr_ada',
    resourceType: 'door',
    resourceId: 'dor_main',
    effect: 'permit',
    reasons: [],
    permits: ['door.granted'],
    obligations: [],
    policyRevision: 'b1946ac92492d2347c6235b4d2611184',
    dataRevision: '591785b794601e212b260e25925636fd',
    epoch: 7,
    mode: 'online',
    latencyUs: 94,
    operatorReason: null,
    input: sampleInput,
    ...change,
  };
}

/** Oldest first. */
export function firstRecords(): readonly LogRecord[] {
  const at = (agoMs: number) => Date.now() - agoMs;
  const cage = doors.find(({ id }) => id === 'dor_cage');
  const moved = {
    type: 'presence',
    personId: 'usr_ben',
    state: 'inside',
    siteId: 'sit_harbour',
    confidence: 'high',
    cause: 'badge_in',
  } as const;
  return [
    { type: 'system', occurredAtMs: at(900_000), event: 'started', detail: '' },
    ...(cage === undefined
      ? []
      : [{ type: 'door_state', occurredAtMs: at(412_000), cause: 'reader_offline', decisionId: null, state: cage.status } as const]),
    { type: 'reader_state', occurredAtMs: at(411_000), readerId: 'dor_cage_in', online: false, cause: 'timeout', identity: null },
    decision('dec_01', {}, 330_000),
    {
      type: 'outcome',
      occurredAtMs: at(329_980),
      decisionId: 'dec_01',
      resourceId: 'dor_main',
      personId: 'usr_ada',
      outcome: 'unlocked',
      detail: '',
    },
    {
      type: 'outcome',
      occurredAtMs: at(328_000),
      decisionId: 'dec_01',
      resourceId: 'dor_main',
      personId: 'usr_ada',
      outcome: 'entered',
      detail: '',
    },
    decision('dec_02', { personId: 'usr_dev', effect: 'deny', reasons: ['subject.suspended'], permits: [], latencyUs: 71 }, 250_000),
    decision(
      'dec_03',
      {
        channel: 'oidc',
        action: 'app.login',
        resourceType: 'app',
        resourceId: 'app_ops',
        personId: 'usr_ben',
        effect: 'deny',
        reasons: ['presence.required'],
        permits: [],
        latencyUs: 1_240,
      },
      130_000,
    ),
    decision('dec_04', { personId: 'usr_ben', resourceId: 'dor_server' }, 95_000),
    {
      type: 'outcome',
      occurredAtMs: at(94_980),
      decisionId: 'dec_04',
      resourceId: 'dor_server',
      personId: 'usr_ben',
      outcome: 'unlocked',
      detail: '',
    },
    { ...moved, occurredAtMs: at(93_000), areaId: 'are_server', decisionId: 'dec_04' },
    decision(
      'dec_05',
      {
        channel: 'oidc',
        action: 'app.login',
        resourceType: 'app',
        resourceId: 'app_ops',
        personId: 'usr_ben',
        permits: ['app.granted'],
        latencyUs: 310,
      },
      80_000,
    ),
    {
      type: 'outcome',
      occurredAtMs: at(79_900),
      decisionId: 'dec_05',
      resourceId: 'app_ops',
      personId: 'usr_ben',
      outcome: 'session_started',
      detail: '',
    },
    { type: 'egress', occurredAtMs: at(60_000), doorId: 'dor_main', cause: 'rex', readerId: null, personId: null },
    { type: 'alarm', occurredAtMs: at(45_000), code: 'door.open_too_long', sourceType: 'door', sourceId: 'dor_dock', active: true },
    decision('dec_06', { personId: null, effect: 'deny', reasons: ['credential.unknown'], permits: [], resourceId: 'dor_control' }, 20_000),
  ];
}
