import { z } from 'zod';
import { actionNameSchema } from './action-name.ts';
import { companionSchema, credentialSchema, deviceSchema, faceSchema, networkSchema, pepSchema } from './input-facts.ts';

/*
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

export const resourceSchema = z.strictObject({
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

export const contextSchema = z.strictObject({
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

export type DecisionInput = z.infer<typeof decisionInputSchema>;
export type DecisionContext = DecisionInput['context'];
export type SubjectFacts = DecisionInput['subject'];
export type ResourceFacts = DecisionInput['resource'];
