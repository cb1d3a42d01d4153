import { z } from 'zod';

/* Blocks of the decision's input that somebody or something told: a credential, the network, a camera, a computer, an enforcement point. */

const identifier = z.string().min(1).max(128);
const optionalIdentifier = z.string().max(128);
const epochMs = z.int().min(0);

/** What the keypad of the reader gave beside the badge. Digits are no fact: they end at the enforcement point. */
export const pinSchema = z.strictObject({
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
export const NO_PIN = { enrolled: false, asked: false, presented: false, ok: false, duress: false, attempts_left: 0 };

export const credentialSchema = z.strictObject({
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

export const networkSchema = z.strictObject({
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
export const faceSchema = z.strictObject({
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

export const postureStateSchema = z.enum(['on', 'off', 'unknown']);

/** The computer that the session is bound to, by its own signed word. */
export const deviceSchema = z.strictObject({
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
export const companionSchema = z.strictObject({ known: z.boolean(), id: optionalIdentifier, age_s: z.int().min(0) });
export const NO_COMPANION = { known: false, id: '', age_s: 0 } as const;

/** Policy enforcement point. */
export const pepSchema = z.strictObject({
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
