import { z } from 'zod';

/**
 * The input document of every decision, aligned with AuthZEN 1.0 (subject, action, resource, context). Every block carries all
 * of its fields always: an unknown fact is `known: false` with neutral values, never an absent field, because in Rego an absent
 * field silently switches a deny rule off. Identifiers are strings (a 7-byte card UID exceeds 2^53). Times are computed by the
 * gateway: the policy has no clock.
 *
 * `policies/schema/input.schema.json` is generated from this schema; `x-mask` marks what leaves the gateway masked.
 */
const identifier = z.string().min(1).max(128);
const optionalIdentifier = z.string().max(128);
const epochMs = z.int().min(0);

export const actionNameSchema = z.enum([
  'door.unlock',
  'app.login',
  'token.refresh',
  'vpn.connect',
  'self.sign_in',
  'self.read',
  'self.close',
  'self.change',
  'console.sign_in',
  'console.read',
  'person.suspend',
  'person.reinstate',
  'person.unrestrict',
  'person.enrol',
  'person.recover',
  'person.import',
  'door.operate',
  'reader.maintain',
  'policy.propose',
  'policy.approve',
  'policy.activate',
  'policy.emergency',
  'policy.data_edit',
  'policy.data_open',
  'policy.threat_raise',
  'app.manage',
  'oidc.manage',
  'oidc.emergency',
]);
export type ActionName = z.infer<typeof actionNameSchema>;

const subjectSchema = z.strictObject({
  type: z.literal('person'),
  /** Empty when the credential belongs to nobody. */
  id: optionalIdentifier,
  properties: z.strictObject({
    known: z.boolean(),
    status: z.enum(['active', 'restricted', 'suspended', 'departed', 'unknown']),
    roles: z.array(identifier).max(32),
    groups: z.array(identifier).max(64),
    clearance: z.int().min(0).max(5),
    /** End of employment, epoch ms; 0 = none set. */
    employment_end_ms: epochMs,
    /** Needs longer release and open times. */
    accessibility: z.boolean(),
  }),
});

const resourceSchema = z.strictObject({
  type: z.enum(['door', 'app', 'vpn_realm', 'console', 'person', 'policy', 'reader', 'site', 'portal']),
  id: identifier,
  properties: z.strictObject({
    known: z.boolean(),
    site: optionalIdentifier,
    /** Door: the area it leads into. App or realm: the area in which the person must be; empty = none. */
    area: optionalIdentifier,
    /** 0 public .. 5 critical: of the area behind a door, or the app's sensitivity. */
    security_level: z.int().min(0).max(5),
    mode: z.enum(['normal', 'locked_down', 'none']),
    /** Door: an app that the person must hold a valid grant for as well; empty = none. */
    requires_app: optionalIdentifier,
    /** Door: the schedule in whose times the badge needs a PIN as well (`always` exists in every document); empty = never. */
    requires_pin: optionalIdentifier,
    /** Network zones from which the app or realm may be used; empty = all. */
    allowed_networks: z.array(z.enum(['site', 'vpn_egress', 'elsewhere'])).max(3),
    /** Oldest acceptable authentication at login, seconds; 0 = any age. */
    max_auth_age_s: z.int().min(0).max(86_400),
    /** Oldest acceptable presence, seconds; 0 = any age. */
    max_presence_age_s: z.int().min(0).max(604_800),
  }),
});

/** What the keypad of the reader gave beside the badge. Digits are no fact: they end at the enforcement point. */
const pinSchema = z.strictObject({
  /** The person has a PIN that is in use. */
  enrolled: z.boolean(),
  /** The reader has asked for it: whoever then gives none is too late. */
  asked: z.boolean(),
  presented: z.boolean(),
  ok: z.boolean(),
  /** It was the PIN that is given under duress. No rule reads it: a door then does exactly what it does for the other one. */
  duress: z.boolean(),
  /** Wrong PINs that this person still has at this reader; 0 = locked for a while. */
  attempts_left: z.int().min(0).max(100),
});
const NO_PIN = { enrolled: false, asked: false, presented: false, ok: false, duress: false, attempts_left: 0 };

const credentialSchema = z.strictObject({
  known: z.boolean(),
  kind: z.enum(['badge', 'passkey', 'session', 'certificate', 'none']),
  id: optionalIdentifier.meta({ 'x-mask': 'id' }),
  status: z.enum(['active', 'suspended', 'lost', 'stolen', 'revoked', 'unknown']),
  /** Validity, epoch ms; 0 = no limit on that side. */
  valid_from_ms: epochMs,
  valid_until_ms: epochMs,
  age_ms: z.int().min(0),
  pin: pinSchema,
});

const timeSchema = z.strictObject({
  epoch_ms: epochMs,
  /** IANA zone of the resource's site; the civil fields below are in it. */
  tz: identifier,
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** ISO: 1 Monday .. 7 Sunday. */
  weekday: z.int().min(1).max(7),
  minute_of_day: z.int().min(0).max(1439),
  holiday: z.boolean(),
});

const networkSchema = z.strictObject({
  known: z.boolean(),
  ip: z.string().max(45).meta({ 'x-mask': 'ip' }),
  zone: z.enum(['site', 'vpn_egress', 'elsewhere', 'none']),
  name: optionalIdentifier,
  site: optionalIdentifier,
  /** ISO 3166-1 alpha-2, as the configuration says of the network; empty = not known. */
  country: z.string().regex(/^([A-Z]{2})?$/),
  /**
   * Whose address it is: of this request, of the sign-in (the app's own server refreshes, and its address says nothing about the
   * person's device), or of nobody, because no device takes part. `pep` = a remote enforcement point stated it: the gateway has not seen it.
   */
  source: z.enum(['request', 'login', 'pep', 'none']),
  /** Since the address was seen. */
  age_s: z.int().min(0),
});

/** What a camera said about the face of who asks. Templates and images are no facts: they never come here. */
const faceSchema = z.strictObject({
  /** A comparison was made for this request or shortly before. */
  known: z.boolean(),
  /** It was the person’s. */
  verified: z.boolean(),
  /** How alike it is at least, by thresholds of the model pack: `standard` is one false match in 10,000, `high` one in 100,000. */
  score_band: z.enum(['none', 'low', 'standard', 'high']),
  /** `passive`: several frames looked alive; `active`: the person also did what was drawn at random. */
  liveness: z.enum(['none', 'passive', 'active']),
  age_s: z.int().min(0),
  /** `reader`: the reader itself compared, a face or another trait, and answered osdp_BIOMATCH. Whether somebody lived it does not say. */
  source: z.enum(['none', 'terminal', 'device', 'reader']),
  /** What the person gave in place of their face, asked for exactly that: nobody has to be looked at. */
  alternative: z.enum(['none', 'security_key', 'badge', 'pin']),
  alternative_age_s: z.int().min(0),
});
export const NO_FACE = {
  known: false,
  verified: false,
  score_band: 'none',
  liveness: 'none',
  age_s: 0,
  source: 'none',
  alternative: 'none',
  alternative_age_s: 0,
} as const;

/** As the log holds what an earlier release wrote of a face. */
const recordedFaceSchema = faceSchema.extend({
  score_band: z.preprocess((band) => (band === 'medium' ? 'standard' : band), faceSchema.shape.score_band),
  // Of a face that was alive no more was told than that.
  liveness: z.preprocess((liveness) => (liveness === true ? 'passive' : liveness === false ? 'none' : liveness), faceSchema.shape.liveness),
  alternative: faceSchema.shape.alternative.default('none'),
  alternative_age_s: faceSchema.shape.alternative_age_s.default(0),
});

const postureStateSchema = z.enum(['on', 'off', 'unknown']);

/** The computer that the session is bound to, by its own signed word. */
const deviceSchema = z.strictObject({
  /** Its posture was told a short while ago. */
  known: z.boolean(),
  /** Set although nothing is known: the device of the session has fallen silent. Empty = no device took part. */
  id: optionalIdentifier,
  managed: z.boolean(),
  compliant: z.boolean(),
  disk_encryption: postureStateSchema,
  firewall: postureStateSchema,
  screen_lock: postureStateSchema,
  secure_boot: postureStateSchema,
  /** Days since the system was last updated, as far as it is known. */
  os_age_known: z.boolean(),
  os_age_days: z.int().min(0),
  age_s: z.int().min(0),
});
export const NO_DEVICE = {
  known: false,
  id: '',
  managed: false,
  compliant: false,
  disk_encryption: 'unknown',
  firewall: 'unknown',
  screen_lock: 'unknown',
  secure_boot: 'unknown',
  os_age_known: false,
  os_age_days: 0,
  age_s: 0,
} as const;

/** Who badged at the same door just before, with a permit that only wants a second person. */
const companionSchema = z.strictObject({ known: z.boolean(), id: optionalIdentifier, age_s: z.int().min(0) });
export const NO_COMPANION = { known: false, id: '', age_s: 0 } as const;

/** Policy enforcement point. */
const pepSchema = z.strictObject({
  id: identifier,
  mode: z.enum(['online', 'leased']),
  /** The channel that carried the credential is authenticated and encrypted. */
  secure: z.boolean(),
  /**
   * What the reader's tamper switch last said inside the secure channel. `unknown` = a reader that should have told and has not;
   * `not_reported` = nobody is there to tell: no reader takes part, it is a remote enforcement point's, or the record is older than this fact.
   */
  tamper: z.enum(['clear', 'tampered', 'unknown', 'not_reported']),
});
export type ReaderTamperFact = z.infer<typeof pepSchema>['tamper'];

const contextSchema = z.strictObject({
  schema: z.literal('urn:gatehouse:input:1'),
  time: timeSchema,
  channel: z.enum(['osdp', 'oidc', 'vpn', 'console', 'cli', 'authzen', 'portal']),
  pep: pepSchema,
  credential: credentialSchema,
  authentication: z.strictObject({
    known: z.boolean(),
    amr: z.array(identifier).max(8),
    acr: optionalIdentifier,
    user_verified: z.boolean(),
    auth_age_s: z.int().min(0),
  }),
  network: networkSchema,
  presence: z.strictObject({
    known: z.boolean(),
    state: z.enum(['outside', 'inside', 'stale', 'unknown']),
    site: optionalIdentifier,
    area: optionalIdentifier,
    /** The area and all areas that contain it, innermost first. */
    areas: z.array(identifier).max(16),
    confidence: z.enum(['high', 'medium', 'low', 'none']),
    age_s: z.int().min(0),
  }),
  face: faceSchema,
  companion: companionSchema,
  device: deviceSchema,
  risk: z.strictObject({ known: z.boolean(), score: z.int().min(0).max(100), signals: z.array(identifier).max(16) }),
  operator: z.strictObject({
    /** True when the action is an operator's command; the subject is then the operator. */
    acting: z.boolean(),
    has_reason: z.boolean(),
    /** Whom the command is about; empty = nobody. */
    target: optionalIdentifier,
    /** First of the two operators that reinstatement needs; empty = none has asked yet. */
    first_operator: optionalIdentifier,
  }),
  request: z.strictObject({ id: identifier, correlation: optionalIdentifier }),
  /** Revocation epoch that the enforcement point had applied when it asked. */
  epoch: z.int().min(0),
});

export const decisionInputSchema = z.strictObject({
  subject: subjectSchema,
  action: z.strictObject({ name: actionNameSchema }),
  resource: resourceSchema,
  context: contextSchema,
});

/** An input as the log holds it: what an earlier release wrote lacks what was added since. */
export const recordedInputSchema = decisionInputSchema.extend({
  resource: resourceSchema.extend({
    properties: resourceSchema.shape.properties.extend({ requires_pin: resourceSchema.shape.properties.shape.requires_pin.default('') }),
  }),
  context: contextSchema.extend({
    // Neither helps nor harms a draft that old decisions are replayed with: that nobody told is what is known.
    pep: pepSchema.extend({ tamper: pepSchema.shape.tamper.default('not_reported') }),
    credential: credentialSchema.extend({ pin: pinSchema.default(NO_PIN) }),
    network: networkSchema.extend({
      country: networkSchema.shape.country.default(''),
      source: networkSchema.shape.source.default('none'),
      age_s: networkSchema.shape.age_s.default(0),
    }),
    face: recordedFaceSchema.default(NO_FACE),
    companion: companionSchema.default(NO_COMPANION),
    device: deviceSchema.extend({
      disk_encryption: postureStateSchema.default('unknown'),
      firewall: postureStateSchema.default('unknown'),
      screen_lock: postureStateSchema.default('unknown'),
      secure_boot: postureStateSchema.default('unknown'),
      os_age_known: z.boolean().default(false),
      os_age_days: deviceSchema.shape.os_age_days.default(0),
      age_s: deviceSchema.shape.age_s.default(0),
    }),
  }),
});

export type DecisionInput = z.infer<typeof decisionInputSchema>;
export type DecisionContext = DecisionInput['context'];
export type SubjectFacts = DecisionInput['subject'];
export type ResourceFacts = DecisionInput['resource'];
