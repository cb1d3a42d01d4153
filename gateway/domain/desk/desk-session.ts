import { z } from 'zod';
import type { DecisionContext } from '../access/decision-input.ts';
import { NO_FACE } from '../access/input-facts.ts';
import { faceAttestationSchema, toLookFacts } from '../face/attestation.ts';
import type { DeskDeviceId, PersonId } from '../site/ids.ts';

/** A wrong face is a fact this long; then it is asked for again. */
export const FAILED_LOOK_LIFE_MS = 60_000;

const { band, liveness, result } = faceAttestationSchema.shape;
/** What the camera said, in bands. */
export const deskLookSchema = z.strictObject({ result, band, liveness, lookedAtMs: z.int() });
export type DeskLook = z.infer<typeof deskLookSchema>;

export const faceAlternativeSchema = z.strictObject({ kind: z.enum(['security_key', 'badge']), givenAtMs: z.int() });
export type FaceAlternative = z.infer<typeof faceAlternativeSchema>;

/** What a sign-in session has from the computer that its browser is on. */
export interface DeskSession {
  /** Of the provider: all apps of one browser share it. */
  readonly sessionUid: string;
  readonly personId: PersonId;
  /** The computer that answered in this session; null = none has. */
  readonly deviceId: DeskDeviceId | null;
  readonly look: DeskLook | null;
  readonly alternative: FaceAlternative | null;
  readonly expiresAtMs: number;
}

/** As the policy reads it. What was given in place of a face counts in place of a look before it. */
export function toDeskFaceFacts(session: DeskSession | null, nowMs: number): DecisionContext['face'] {
  const alternative = session?.alternative ?? null;
  const given =
    alternative === null
      ? { alternative: NO_FACE.alternative, alternative_age_s: NO_FACE.alternative_age_s }
      : { alternative: alternative.kind, alternative_age_s: ageS(alternative.givenAtMs, nowMs) };
  const look = session?.look ?? null;
  if (look === null || isOver(look, alternative, nowMs)) return { ...NO_FACE, ...given };
  return { ...toLookFacts(look, nowMs - look.lookedAtMs), source: 'device', ...given };
}

function isOver({ lookedAtMs, result }: DeskLook, alternative: FaceAlternative | null, nowMs: number): boolean {
  if (result === 'verified') return false;
  return nowMs - lookedAtMs > FAILED_LOOK_LIFE_MS || (alternative !== null && alternative.givenAtMs >= lookedAtMs);
}

const ageS = (atMs: number, nowMs: number): number => Math.max(0, Math.floor((nowMs - atMs) / 1_000));
