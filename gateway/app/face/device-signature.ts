import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose';
import { z } from 'zod';
import type { FacePublicKey } from '../../domain/face/face-device.ts';
import type { FaceDeviceId } from '../../domain/site/ids.ts';

/** Longest JWS of a terminal, characters. */
export const DEVICE_JWS_MAX = 4_096;
const ALGORITHM = 'ES256';

/** Whose key is said to have signed it; nothing is checked yet. Null = it is none of ours. */
export function claimedDeviceOf(jws: string): FaceDeviceId | null {
  if (jws.length > DEVICE_JWS_MAX) return null;
  try {
    const { kid } = decodeProtectedHeader(jws);
    // Branded where it enters; it is only looked up.
    return typeof kid === 'string' && kid.length <= 128 ? (kid as FaceDeviceId) : null;
  } catch {
    return null;
  }
}

/** What an attestation that was taken says of a look, for display. */
export function claimedResultOf(jws: string): string {
  try {
    return z.object({ result: z.string().max(64) }).parse(decodeJwt(jws)).result;
  } catch {
    return 'unreadable';
  }
}

/** The payload of a JWS (RFC 7515) that this key signed as this `typ`; null for everything else, whatever is wrong with it. */
export async function verifyDeviceSignature(
  jws: string,
  { publicKey, typ }: { readonly publicKey: FacePublicKey; readonly typ: string },
): Promise<{ readonly payload: unknown } | null> {
  if (jws.length > DEVICE_JWS_MAX) return null;
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(publicKey, ALGORITHM), { algorithms: [ALGORITHM] });
    return protectedHeader.typ === typ ? { payload: JSON.parse(new TextDecoder().decode(payload)) as unknown } : null;
  } catch {
    return null; // Not a JWS, another key, another algorithm, no JSON: all the same to whoever sent it.
  }
}

/** `typ` of what a terminal signs to say who calls. */
export const DEVICE_CALL_TYPE = 'gatehouse-device-call+jwt';
/** Clocks of terminals may differ by this, ms. A call that is heard and repeated within it gives its task again and nothing else. */
export const DEVICE_CALL_SKEW_MS_MAX = 60_000;

/** Signed over the address that is called, so that it is good for no other one. */
export const deviceCallSchema = z.strictObject({ path: z.string().max(200), at_ms: z.int().min(0) });
