import { ATTESTATION_TYPE, type FaceAttestation, type FaceQuestion } from '#gateway/domain/face/attestation.ts';
import type { FaceDevice } from '#gateway/domain/face/face-device.ts';
import type { FaceDeviceId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createSigningKey } from '../signing-key.ts';

export const SAMPLE_PACK = 'a'.repeat(64);

/** A terminal that says whatever the test wants, with a key of its own. */
export async function createSigningTerminal(name: string, readerId: string) {
  const { privateKey, publicKey, sign: signWith } = await createSigningKey();
  const device: FaceDevice = {
    id: `fdv_${name}` as FaceDeviceId,
    readerId: readerId as ReaderId,
    label: name,
    publicKey,
    packHash: SAMPLE_PACK,
    status: 'active',
    enrolledAtMs: 1_700_000_000_000,
  };
  const sign = (
    payload: unknown,
    { kid = device.id, typ = ATTESTATION_TYPE }: { readonly kid?: string; readonly typ?: string } = {},
  ): Promise<string> => signWith(payload, { kid, typ });
  const says = (question: FaceQuestion, change: Partial<FaceAttestation> = {}): FaceAttestation => ({
    device: device.id,
    subject: question.personId,
    door: question.doorId,
    reader: question.readerId,
    nonce: question.nonce,
    result: 'verified',
    band: 'standard',
    liveness: 'active',
    pack: SAMPLE_PACK,
    issued_at_ms: question.askedAtMs,
    expires_at_ms: question.askedAtMs + 10_000,
    ...change,
  });
  return {
    device,
    privateKey,
    sign,
    says,
    attest: (question: FaceQuestion, change: Partial<FaceAttestation> = {}) => sign(says(question, change)),
  };
}
