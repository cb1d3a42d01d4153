import type { FaceAttestation } from '#gateway/domain/face/attestation.ts';
import type { Question } from './gateway-link.ts';

type Seen = Pick<FaceAttestation, 'result' | 'band' | 'liveness'>;

/** No look was taken. */
export const NOBODY_SEEN = { band: 'below', liveness: 'none' } as const satisfies Omit<Seen, 'result'>;

/** What a terminal signs. Times count on from the gateway's own: a terminal's clock may be wrong. */
export function attestationOf(
  { askedAtMs, doorId, nonce, personId, readerId, withinMs }: Question,
  { band, liveness, result }: Seen,
  by: { readonly deviceId: string; readonly packHash: string; readonly elapsedMs: number },
): FaceAttestation {
  return {
    device: by.deviceId,
    subject: personId,
    door: doorId,
    reader: readerId,
    nonce,
    result,
    band,
    liveness,
    pack: by.packHash,
    issued_at_ms: askedAtMs + Math.floor(by.elapsedMs),
    expires_at_ms: askedAtMs + withinMs,
  };
}
