import type { Entry } from '#gateway/http/contract/admin.ts';
import { explainReaderAlarm } from '#gateway/http/contract/reader-alarms.ts';
import { reasonLabels } from './reason-labels.ts';

type Record_ = Entry['record'];
type Of<T extends Record_['type']> = Extract<Record_, { readonly type: T }>;

export type Tone = 'ok' | 'deny' | 'warn' | 'unknown' | 'info';

export interface Subject {
  readonly kind: 'people' | 'doors' | 'readers' | 'areas' | 'apps' | 'other';
  readonly id: string;
}

/** One entry as a row: a mark, who, what it is about, and the rest in words. Names are put in by the page. */
export interface Line {
  readonly tone: Tone;
  readonly label: string;
  readonly person: string | null;
  readonly subject: Subject | null;
  readonly text: string;
  readonly decisionId: string | null;
}

export function words(code: string): string {
  return code.replaceAll(/[_.-]/g, ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const actions: Readonly<Record<string, string>> = {
  'door.unlock': '',
  'app.login': 'sign-in',
  'token.refresh': 'token refresh',
  'vpn.connect': 'VPN',
  'console.sign_in': 'console sign-in',
  'console.read': 'console read',
  'person.suspend': 'suspend',
  'person.reinstate': 'reinstate',
  'person.enrol': 'enrolment link',
  'person.recover': 'way back in',
  'person.import': 'people import',
  'self.sign_in': 'own side sign-in',
  'self.read': 'own side read',
  'self.close': 'own sessions',
  'self.change': 'own passkeys',
  'door.operate': 'operator release',
  'reader.maintain': 'reader maintenance',
  'policy.propose': 'policy draft',
  'policy.approve': 'policy approval',
  'policy.activate': 'policy activation',
  'policy.emergency': 'emergency policy',
  'app.manage': 'app management',
  'oidc.manage': 'identity provider',
  'oidc.emergency': 'emergency at the identity provider',
};

const kinds: Readonly<Record<string, Subject['kind']>> = { door: 'doors', app: 'apps', person: 'people' };

export function actionText(action: string): string {
  return actions[action] ?? words(action);
}

function reasonText(reasons: readonly (keyof typeof reasonLabels)[]): string {
  return reasons.map((code) => reasonLabels[code]).join(', ');
}

/** Null for the console itself, and people's own side: the action says it already. */
export function decisionSubject(record: Of<'decision'>): Subject | null {
  if (record.resourceType === 'console' || record.resourceType === 'portal') return null;
  return { kind: kinds[record.resourceType] ?? 'other', id: record.resourceId };
}

function decision(record: Of<'decision'>): Line {
  const step = record.obligations.some((obligation) => obligation.id === 'step_up');
  const parts = [actionText(record.action), reasonText(record.reasons), step ? 'asks for a fresh passkey check' : ''];
  return {
    tone: record.effect === 'permit' ? 'ok' : 'deny',
    label: record.effect === 'permit' ? 'Permit' : 'Deny',
    person: record.personId,
    subject: decisionSubject(record),
    text: parts.filter((part) => part !== '').join(' · '),
    decisionId: record.decisionId,
  };
}

const outcomes: Readonly<Record<Of<'outcome'>['outcome'], readonly [Tone, string]>> = {
  unlocked: ['ok', 'Unlocked'],
  unlock_failed: ['warn', 'Unlock failed'],
  entered: ['ok', 'Entered'],
  not_entered: ['info', 'Not entered'],
  session_started: ['ok', 'Session started'],
  token_issued: ['ok', 'Token issued'],
  withheld: ['deny', 'Withheld'],
};

function outcome(record: Of<'outcome'>): Line {
  const [tone, label] = outcomes[record.outcome];
  return { tone, label, person: record.personId, subject: null, text: words(record.detail), decisionId: record.decisionId };
}

function doorState(record: Of<'door_state'>): Line {
  const { state } = record;
  const subject = { kind: 'doors', id: state.doorId } as const;
  const common = { label: 'Door', person: null, subject, decisionId: record.decisionId };
  const flags = [state.forced ? 'forced open' : '', state.openTooLong ? 'open too long' : '', state.tamper ? 'tamper' : ''].filter(Boolean);
  if (flags.length > 0) return { ...common, tone: 'deny', text: flags.join(', ') };
  if (state.fault !== 'none') return { ...common, tone: 'unknown', text: `state unknown · ${words(state.fault)}` };
  const contact = state.contact === 'unknown' ? 'contact unknown' : state.contact;
  const lock = state.lock === 'unknown' ? 'lock unknown' : state.lock;
  const tone = state.contact === 'unknown' || state.lock === 'unknown' ? 'unknown' : 'info';
  // What changed comes first.
  return { ...common, tone, text: record.cause === 'contact' ? `${contact}, ${lock}` : `${lock}, ${contact}` };
}

function presence(record: Of<'presence'>): Line {
  const subject = record.areaId === null ? null : ({ kind: 'areas', id: record.areaId } as const);
  const known = record.state === 'inside' || record.state === 'outside';
  const text = `${record.state} · ${words(record.cause)}`;
  return { tone: known ? 'info' : 'unknown', label: 'Presence', person: record.personId, subject, text, decisionId: record.decisionId };
}

function session(record: Of<'session'>): Line {
  const subject = record.appId === null ? null : ({ kind: 'apps', id: record.appId } as const);
  const text = `${record.kind} session ${record.event} · ${words(record.cause)}`;
  return { tone: 'info', label: 'Session', person: record.personId, subject, text, decisionId: record.decisionId };
}

function receipt(record: Of<'revocation_receipt'>): Line {
  const done = record.targets.filter((target) => target.acknowledgedAtMs !== null).length;
  const text = `${record.state === 'contained' ? 'contained' : 'residual exposure'} · ${String(done)} of ${String(record.targets.length)} targets confirmed`;
  return {
    tone: record.state === 'contained' ? 'ok' : 'warn',
    label: 'Receipt',
    person: record.personId,
    subject: null,
    text,
    decisionId: null,
  };
}

function directoryChange(record: Of<'directory_change'>): Line {
  const what = record.changes.length === 0 ? '' : ` · ${record.changes.join(', ')}`;
  const text = `${words(record.subjectType)} ${record.subjectId} ${record.change}${what}`;
  return { tone: 'info', label: 'Directory', person: record.personId, subject: null, text, decisionId: null };
}

function accessSearch(record: Of<'access_search'>): Line {
  const kinds: Readonly<Record<string, Subject['kind']>> = { door: 'doors', app: 'apps' };
  const subject = record.resourceId === null ? null : { kind: kinds[record.resourceType ?? ''] ?? 'other', id: record.resourceId };
  const text = `${record.askedBy} asked who or what may ${record.action ?? 'do what'} · ${String(record.found)} of ${String(record.considered)}`;
  return { tone: 'info', label: 'Search', person: record.personId, subject, text, decisionId: null };
}

const sources: Readonly<Record<string, Subject['kind']>> = { reader: 'readers', door: 'doors' };

function alarm(record: Extract<Record_, { type: 'alarm' }>): Line {
  const isAboutPerson = record.sourceId === record.personId;
  const subject = isAboutPerson ? null : { kind: sources[record.sourceType] ?? 'other', id: record.sourceId };
  const about = { subject, person: record.personId ?? null, decisionId: record.decisionId ?? null };
  if (record.code === 'duress') {
    return { ...about, tone: 'deny', label: 'Duress', text: 'PIN given under duress: opened as for a grant, nothing shown' };
  }
  if (record.code === 'face.person_restricted') {
    const text = record.active ? 'restricted for hours: too many looks of a camera saw somebody else' : 'restricted no more';
    return { ...about, tone: record.active ? 'deny' : 'info', label: 'Alarm', text };
  }
  if (record.code === 'operator.passkey_added') return { ...about, tone: 'deny', label: 'Alarm', text: 'one more passkey of an operator' };
  if (record.code === 'vpn.nas_silent') {
    const text = record.active ? 'does not answer: sessions there stay open until it does' : 'answers again';
    return { ...about, tone: record.active ? 'deny' : 'info', label: 'VPN server', text };
  }
  const dropped = record.dropped === undefined ? '' : ` · ${record.dropped} ${record.dropped === 1 ? 'read' : 'reads'} dropped`;
  const what = record.code.startsWith('osdp.') ? explainReaderAlarm(record.code).label : words(record.code);
  const text = `${what} ${record.active ? 'began' : 'ended'}${dropped}`;
  return { ...about, tone: record.active ? 'deny' : 'info', label: 'Alarm', text };
}

function policyRevision(record: Of<'policy_revision'>): Line {
  const tone = ['emergency_signed', 'activation_failed', 'shadow_disagreed'].includes(record.event) ? 'warn' : 'info';
  const reason = record.reason === '' ? '' : ` · “${record.reason}”`;
  const detail = record.detail === '' ? '' : ` · ${record.detail}`;
  const text = `${words(record.event)} ${record.revisionId}${reason}${detail}`;
  return { tone, label: 'Policy', person: record.operatorId, subject: null, text, decisionId: record.decisionId };
}

/** What is offered is the enrolment link, which the kind says already. */
const credentialEvent = (event: string): string => (event === 'enrolment_offered' ? 'offered' : words(event));

export function describeRecord(record: Record_): Line {
  const none = { person: null, subject: null, decisionId: null };
  switch (record.type) {
    case 'decision':
      return decision(record);
    case 'outcome':
      return outcome(record);
    case 'door_state':
      return doorState(record);
    case 'egress': {
      const text = record.cause === 'rex' ? 'released from inside' : 'left through the exit reader';
      return { ...none, tone: 'info', label: 'Way out', person: record.personId, subject: { kind: 'doors', id: record.doorId }, text };
    }
    case 'reader_state': {
      const subject = { kind: 'readers', id: record.readerId } as const;
      const text = `${record.online ? 'online' : 'offline'} · ${words(record.cause)}`;
      return { ...none, tone: record.online ? 'info' : 'warn', label: 'Reader', subject, text };
    }
    case 'alarm':
      return alarm(record);
    case 'presence':
      return presence(record);
    case 'standing': {
      const tone = record.to === 'active' ? 'ok' : record.to === 'restricted' ? 'warn' : 'deny';
      const text = `${record.from} → ${record.to} · “${record.reason}”`;
      return { tone, label: 'Standing', person: record.personId, subject: null, text, decisionId: record.decisionId };
    }
    case 'revocation_receipt':
      return receipt(record);
    case 'session':
      return session(record);
    case 'credential': {
      const text = `${words(record.kind)} ${credentialEvent(record.event)} · ${words(record.cause)}`;
      return {
        ...none,
        tone: record.event === 'authentication_failed' ? 'warn' : 'info',
        label: 'Credential',
        person: record.personId,
        text,
      };
    }
    case 'directory_change':
      return directoryChange(record);
    case 'policy_revision':
      return policyRevision(record);
    case 'access_search':
      return accessSearch(record);
    case 'reinstatement_requested': {
      const text = `reinstatement requested, second operator needed · “${record.reason}”`;
      return { tone: 'warn', label: 'Standing', person: record.personId, subject: null, text, decisionId: record.decisionId };
    }
    case 'system':
      return {
        ...none,
        tone: record.event === 'door_node_lost' ? 'warn' : 'info',
        label: 'System',
        text: `${words(record.event)}${record.detail === '' ? '' : ` · ${record.detail}`}`,
      };
  }
}
