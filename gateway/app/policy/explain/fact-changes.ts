import type { DecisionInput } from '../../../domain/access/decision-input.ts';
import type { PolicyData } from '../../../domain/access/policy-data.ts';
import { MASKED, MASKED_PATHS } from '../../../domain/policy/mask-input.ts';
import type { FactChange } from '../../../domain/policy/explanation.ts';
import { faceChanges } from './face-changes.ts';

/** One fact that could be otherwise: a new value in the input, or a grant in the data. */
export interface Candidate {
  readonly path: string;
  readonly change: FactChange;
  apply(question: Question): Question;
}

export interface Question {
  readonly input: DecisionInput;
  readonly data: PolicyData;
}

type Json = Readonly<Record<string, unknown>>;

/** Values that a fact could have instead. Who asks for what is not a fact: another question is another decision. */
const ALTERNATIVES: Readonly<Record<string, readonly unknown[]>> = {
  'subject.properties.known': [true],
  'subject.properties.status': ['active'],
  'subject.properties.clearance': [1, 2, 3, 4, 5],
  'subject.properties.employment_end_ms': [0],
  'resource.properties.known': [true],
  'resource.properties.mode': ['normal'],
  'resource.properties.requires_pin': [''],
  'context.pep.secure': [true],
  'context.pep.tamper': ['clear'],
  'context.credential.status': ['active'],
  'context.credential.valid_from_ms': [0],
  'context.credential.valid_until_ms': [0],
  'context.authentication.auth_age_s': [0],
  'context.network.zone': ['site', 'vpn_egress'],
  'context.device.managed': [true],
  'context.device.compliant': [true],
  'context.risk.score': [0],
  'context.time.holiday': [false],
};

const PLAIN: Readonly<Record<string, string>> = {
  'subject.properties.status': 'the person’s standing',
  'subject.properties.clearance': 'the person’s clearance',
  'subject.properties.employment_end_ms': 'the end of employment',
  'resource.properties.mode': 'the mode of the door',
  'resource.properties.requires_pin': 'the time in which a PIN is asked for',
  'context.pep.secure': 'the protection of the reader’s connection',
  'context.pep.tamper': 'the tamper switch of the reader',
  'context.credential.status': 'the state of the credential',
  'context.credential.valid_from_ms': 'the beginning of the credential’s validity',
  'context.credential.valid_until_ms': 'the end of the credential’s validity',
  'context.authentication.auth_age_s': 'the age of the authentication in seconds',
  'context.network.zone': 'the network',
};

const MINUTES_STEP = 30;
const MINUTES = 1_440;

/** Everything that could have been otherwise, a few values each; what the person can do about it comes first. */
export function candidatesFor(question: Question): readonly Candidate[] {
  const { input } = question;
  return [
    ...pins(input),
    ...faceChanges(input).map(({ path, values, words }) => inputChange(path, values, words)),
    ...proofs(input),
    ...presences(input),
    ...networks(input),
    ...reasons(input),
    ...plainFacts(input),
    ...credentials(input),
    ...roles(input),
    ...moments(input),
    ...grants(question),
  ];
}

function reasons({ context }: DecisionInput): readonly Candidate[] {
  const path = 'context.operator.has_reason';
  if (!context.operator.acting || context.operator.has_reason) return [];
  return [inputChange(path, { [path]: true }, { from: 'no', to: 'yes', text: 'if a reason had been given' })];
}

/** A registered one of the kind that such a question is asked with. */
function credentials({ action, context }: DecisionInput): readonly Candidate[] {
  const { credential } = context;
  if (credential.known) return [];
  const kind =
    action.name === 'door.unlock' ? 'badge' : action.name === 'app.login' || action.name === 'vpn.connect' ? 'passkey' : 'session';
  const registered = { ...credential, known: true, kind, status: 'active', valid_from_ms: 0, valid_until_ms: 0 };
  const words = { from: 'not registered', to: `a registered ${kind}`, text: `if the credential were a registered ${kind}` };
  return [inputChange('context.credential', { 'context.credential': registered }, words)];
}

const OPERATOR_ROLE = 'security_admin';

function roles({ subject, context }: DecisionInput): readonly Candidate[] {
  const path = 'subject.properties.roles';
  const held = subject.properties.roles;
  if (!context.operator.acting || held.includes(OPERATOR_ROLE)) return [];
  const words = { from: held.join(', ') || 'none', to: OPERATOR_ROLE, text: `if the operator had the role ${OPERATOR_ROLE}` };
  return [inputChange(path, { [path]: [...held, OPERATOR_ROLE] }, words)];
}

function plainFacts(input: DecisionInput): readonly Candidate[] {
  return Object.entries(ALTERNATIVES).flatMap(([path, values]) => {
    const from = valueAt(input, path);
    if (from === undefined) return [];
    const what = PLAIN[path] ?? path;
    return values
      .filter((to) => to !== from)
      .map((to) =>
        inputChange(path, { [path]: to }, { from: show(path, from), to: show(path, to), text: `if ${what} were ${show(path, to)}` }),
      );
  });
}

/** Another time of the day, the nearest first, and another day. */
function moments(input: DecisionInput): readonly Candidate[] {
  const { minute_of_day: now, weekday } = input.context.time;
  const minutes = Array.from({ length: MINUTES / MINUTES_STEP }, (_, index) => index * MINUTES_STEP);
  const nearest = minutes.toSorted((a, b) => Math.abs(a - now) - Math.abs(b - now));
  const days = [1, 2, 3, 4, 5, 6, 7].filter((day) => day !== weekday);
  const path = 'context.time.minute_of_day';
  return [
    ...nearest.map((minute) =>
      inputChange('context.time', { [path]: minute }, { from: clock(now), to: clock(minute), text: `if it were ${clock(minute)}` }),
    ),
    ...days.map((day) =>
      inputChange(
        'context.time.weekday',
        { 'context.time.weekday': day },
        { from: dayName(weekday), to: dayName(day), text: `if it were ${dayName(day)}` },
      ),
    ),
  ];
}

function pins(input: DecisionInput): readonly Candidate[] {
  const { pin } = input.context.credential;
  const right = { ...pin, enrolled: true, asked: true, presented: true, ok: true, attempts_left: Math.max(1, pin.attempts_left) };
  if (pin.ok && pin.attempts_left > 0) return [];
  const words = { from: pin.presented ? 'wrong or locked' : 'not entered', to: 'right', text: 'if the right PIN had been entered' };
  return [inputChange('context.credential.pin', { 'context.credential.pin': right }, words)];
}

function proofs(input: DecisionInput): readonly Candidate[] {
  const path = 'context.authentication';
  const { authentication } = input.context;
  const fresh = { known: true, amr: ['hwk', 'user'], acr: 'urn:gatehouse:acr:passkey', user_verified: true, auth_age_s: 0 };
  const from = authentication.known ? authentication.acr : 'none';
  return [inputChange(path, { [path]: fresh }, { from, to: fresh.acr, text: 'if the person had just used a passkey' })];
}

function presences(input: DecisionInput): readonly Candidate[] {
  const { area, site } = input.resource.properties;
  if (area === '') return [];
  const path = 'context.presence';
  const inside = { known: true, state: 'inside', site, area, areas: [area], confidence: 'high', age_s: 0 };
  const { presence } = input.context;
  const from = presence.known ? `${presence.state} ${presence.area}`.trim() : 'unknown';
  return [inputChange(path, { [path]: inside }, { from, to: `inside ${area}`, text: `if the person had just badged into ${area}` })];
}

function networks(input: DecisionInput): readonly Candidate[] {
  const path = 'context.network';
  const { network } = input.context;
  if (network.known) return [];
  const onSite = { ...network, known: true, zone: 'site', source: 'request', age_s: 0 };
  return [
    inputChange(path, { [path]: onSite }, { from: 'unknown', to: 'site', text: 'if the request had come from a network of the site' }),
  ];
}

/** A grant of its own in force at any time, to the resource and to the app that a door needs beside it. */
function grants({ input }: Question): readonly Candidate[] {
  const { type, id } = input.resource;
  const other = input.resource.properties.requires_app;
  const wanted = other === '' ? [`${type}:${id}`] : [`${type}:${id}`, `app:${other}`];
  return wanted.map((key) => ({
    path: `data.gatehouse.grants ${key}`,
    change: {
      path: 'data.gatehouse.grants',
      from: 'none in force',
      to: key,
      text: `if the person held a grant to ${key.replace(':', ' ')} that is in force`,
    },
    apply: onSameData((data) => withGrant(data, `person:${input.subject.id}`, key)),
  }));
}

/** The same data gives the same changed data, not an equal one: whoever asks keeps an engine for each. */
function onSameData(change: (data: PolicyData) => PolicyData): Candidate['apply'] {
  const made = new WeakMap<PolicyData, PolicyData>();
  return ({ input, data }) => {
    const changed = made.get(data) ?? change(data);
    made.set(data, changed);
    return { input, data: changed };
  };
}

function withGrant(data: PolicyData, holder: string, key: string): PolicyData {
  const { gatehouse } = data;
  const id = `would_be ${key}`;
  const grant = { id, profile: id, schedule: id, valid_from_ms: 0, valid_until_ms: 0 };
  const always = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: MINUTES, on_holidays: true };
  return {
    gatehouse: {
      ...gatehouse,
      profiles: { ...gatehouse.profiles, [id]: { [key]: true } },
      schedules: { ...gatehouse.schedules, [id]: always },
      grants: { ...gatehouse.grants, [holder]: [...(gatehouse.grants[holder] ?? []), grant] },
    },
  };
}

function inputChange(path: string, values: Readonly<Record<string, unknown>>, words: Pick<FactChange, 'from' | 'to' | 'text'>): Candidate {
  return {
    path,
    change: { path, ...words },
    apply: ({ input, data }) => {
      const changed = Object.entries(values).reduce<Json>((now, [at, value]) => withValue(now, at.split('.'), value), input);
      return { input: changed as DecisionInput, data };
    },
  };
}

function valueAt(input: DecisionInput, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Json)[key] : undefined), input);
}

function withValue(object: Json, [key = '', ...rest]: readonly string[], value: unknown): Json {
  return { ...object, [key]: rest.length === 0 ? value : withValue(object[key] as Json, rest, value) };
}

function show(path: string, value: unknown): string {
  if (MASKED_PATHS.includes(path)) return MASKED;
  if (path.endsWith('_ms')) return value === 0 ? 'not set' : new Date(Number(value)).toISOString();
  return value === '' ? 'none' : String(value);
}

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const dayName = (weekday: number): string => DAYS[weekday - 1] ?? String(weekday);
