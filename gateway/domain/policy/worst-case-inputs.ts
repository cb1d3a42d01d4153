import { actionNameSchema, type ActionName } from '../access/action-name.ts';
import type { DecisionInput } from '../access/decision-input.ts';

const ID_LENGTH = 128;
/** Identifiers of full length, each another one. */
const ids = (count: number, letter: string): string[] =>
  Array.from({ length: count }, (_, index) => `${String(index)}${letter.repeat(ID_LENGTH)}`.slice(0, ID_LENGTH));
const LONG = 'x'.repeat(ID_LENGTH);

const RESOURCE_OF: Readonly<Partial<Record<ActionName, DecisionInput['resource']['type']>>> = {
  'door.unlock': 'door',
  'door.operate': 'door',
  'app.login': 'app',
  'token.refresh': 'app',
  'vpn.connect': 'vpn_realm',
  'person.suspend': 'person',
  'person.reinstate': 'person',
  'person.unrestrict': 'person',
  'person.enrol': 'person',
  'person.recover': 'person',
  'self.sign_in': 'portal',
  'self.read': 'portal',
  'self.close': 'portal',
  'self.change': 'portal',
  'reader.maintain': 'reader',
  'app.manage': 'app',
};

/** One input of the largest size that the schema lets through, for each kind of action: what the slowest decision is made of. */
export function worstCaseInputs(): readonly { readonly name: string; readonly input: DecisionInput }[] {
  return actionNameSchema.options.map((name) => ({ name: `largest ${name}`, input: worstCase(name) }));
}

function worstCase(action: ActionName): DecisionInput {
  return {
    subject: {
      type: 'person',
      id: LONG,
      properties: {
        known: true,
        status: 'restricted',
        roles: ids(32, 'r'),
        groups: ids(64, 'g'),
        clearance: 5,
        employment_end_ms: Number.MAX_SAFE_INTEGER,
        accessibility: true,
      },
    },
    action: { name: action },
    resource: {
      type: RESOURCE_OF[action] ?? 'console',
      id: LONG,
      properties: {
        known: true,
        site: LONG,
        area: LONG,
        security_level: 5,
        mode: 'normal',
        requires_app: LONG,
        requires_pin: LONG,
        allowed_networks: ['site', 'vpn_egress', 'elsewhere'],
        max_auth_age_s: 86_400,
        max_presence_age_s: 604_800,
      },
    },
    context: worstContext(),
  };
}

function worstContext(): DecisionInput['context'] {
  return {
    schema: 'urn:gatehouse:input:1',
    time: { epoch_ms: 1_793_700_000_000, tz: LONG, date: '2026-11-03', weekday: 2, minute_of_day: 1_439, holiday: true },
    channel: 'console',
    pep: { id: LONG, mode: 'online', secure: true, tamper: 'clear' },
    credential: {
      known: true,
      kind: 'session',
      id: LONG,
      status: 'active',
      valid_from_ms: 1,
      valid_until_ms: Number.MAX_SAFE_INTEGER,
      age_ms: Number.MAX_SAFE_INTEGER,
      pin: { enrolled: true, asked: true, presented: true, ok: true, duress: false, attempts_left: 100 },
    },
    authentication: { known: true, amr: ids(8, 'm'), acr: LONG, user_verified: true, auth_age_s: 1 },
    network: { known: true, ip: 'f'.repeat(45), zone: 'site', name: LONG, site: LONG, country: 'DE', source: 'request', age_s: 0 },
    presence: { known: true, state: 'inside', site: LONG, area: LONG, areas: ids(16, 'a'), confidence: 'high', age_s: 1 },
    face: {
      known: true,
      verified: true,
      score_band: 'standard',
      liveness: 'passive',
      age_s: Number.MAX_SAFE_INTEGER,
      source: 'terminal',
      alternative: 'security_key',
      alternative_age_s: Number.MAX_SAFE_INTEGER,
    },
    companion: { known: true, id: LONG, age_s: Number.MAX_SAFE_INTEGER },
    device: {
      known: true,
      id: LONG,
      managed: true,
      compliant: true,
      disk_encryption: 'unknown',
      firewall: 'unknown',
      screen_lock: 'unknown',
      secure_boot: 'unknown',
      os_age_known: true,
      os_age_days: Number.MAX_SAFE_INTEGER,
      age_s: Number.MAX_SAFE_INTEGER,
    },
    risk: { known: true, score: 100, signals: ids(16, 's') },
    operator: { acting: true, has_reason: true, target: LONG, first_operator: LONG },
    request: { id: LONG, correlation: LONG },
    epoch: Number.MAX_SAFE_INTEGER,
  };
}
