import { z } from 'zod';

/** `typ` of the JWS with which the gateway asks a computer. Nothing else that the gateway signs is taken for one. */
export const DESK_CHALLENGE_TYPE = 'gatehouse-desk-challenge+jwt';
/** From the question to the answer: the browser hands it over at once, the look takes ten seconds at most. */
export const DESK_CHALLENGE_LIFE_MS = 30_000;
/** Time for the look itself. */
export const DESK_LOOK_MS = 10_000;

const id = z.string().min(1).max(128);

/** What the gateway asks one of a person's computers, for one sign-in in one browser. */
export const deskChallengeSchema = z.strictObject({
  /** The gateway's issuer: an agent answers its own one alone. */
  iss: z.string().min(1).max(500),
  /** Computers of the person; another one does not answer. */
  aud: z.array(id).min(1).max(20),
  /** `login`: look at the person. `device`: only say which machine this is, and how it is kept. */
  purpose: z.enum(['login', 'device']),
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  subject: id,
  /** For the person to read. */
  app: z.string().max(200),
  asked_at_ms: z.int().min(0),
  expires_at_ms: z.int().min(0),
  within_ms: z.int().min(1_000).max(60_000),
});
export type DeskChallenge = z.infer<typeof deskChallengeSchema>;
