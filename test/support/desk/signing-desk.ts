import { decodeJwt } from 'jose';
import { DEVICE_CALL_TYPE } from '#gateway/app/face/device-signature.ts';
import { DESK_ATTESTATION_TYPE, type DeskAttestation } from '#gateway/domain/desk/desk-attestation.ts';
import { deskChallengeSchema, type DeskChallenge } from '#gateway/domain/desk/desk-challenge.ts';
import { POSTURE_TYPE, type Posture } from '#gateway/domain/desk/posture.ts';
import { REPORT_TYPE } from '#gateway/domain/face/report.ts';
import { deskAttestedSchema, deskEnrolledSchema, deskFaceBegunSchema, deskPostureTakenSchema } from '#gateway/http/contract/desk.ts';
import { createSigningKey } from '../signing-key.ts';
import { SAMPLE_PACK } from '../face/signing-terminal.ts';

export const GOOD_POSTURE: Posture = {
  disk_encryption: 'on',
  firewall: 'on',
  screen_lock: 'on',
  secure_boot: 'on',
  os: { name: 'Debian GNU/Linux', version: '13', age_days: 3 },
  networks: ['192.0.2.0/24'],
};

type Login = Extract<DeskAttestation, { purpose: 'login' }>;

/** A computer that says whatever the test wants, with a key of its own. */
export async function createSigningDesk(url: string) {
  const key = await createSigningKey();
  let deviceId = '';
  let templateId: string | null = null;
  const sign = (payload: unknown, typ: string, kid = deviceId): Promise<string> => key.sign(payload, { typ, kid });
  const post = async (name: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> => {
    const path = `/api/desk/${name}`;
    const token = await sign({ path, at_ms: Date.now() }, DEVICE_CALL_TYPE);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  const toAttestation = (challenge: DeskChallenge, change: Partial<Login>): DeskAttestation => ({
    purpose: 'login',
    device: deviceId,
    subject: challenge.subject,
    nonce: challenge.nonce,
    result: 'verified',
    band: 'standard',
    liveness: 'active',
    pack: SAMPLE_PACK,
    template: templateId,
    issued_at_ms: challenge.asked_at_ms,
    expires_at_ms: challenge.asked_at_ms + 10_000,
    ...change,
  });
  return {
    post,
    sign,
    id: () => deviceId,
    enrol: async (code: string, packHash: string | null = SAMPLE_PACK) => {
      const answer = await post('enrol', { code, publicKey: key.publicKey, keyKind: 'file', packHash });
      if (answer.status === 201) ({ deviceId } = deskEnrolledSchema.parse(answer.body));
      return answer;
    },
    /** Takes the open order and says that the face is enrolled. */
    enrolFace: async (packHash = SAMPLE_PACK): Promise<void> => {
      const { orderId } = deskFaceBegunSchema.parse((await post('face', { packHash })).body);
      if (orderId === null) throw new TypeError('nobody has ordered a face');
      templateId = `tpl_${deviceId}`;
      const jws = await sign({ device: deviceId, order: orderId, result: 'done', template: templateId }, REPORT_TYPE);
      await post('face/report', { jws });
    },
    challengeOf: (jwt: string): DeskChallenge => deskChallengeSchema.parse(decodeJwt(jwt)),
    attest: async (challenge: DeskChallenge, change: Partial<Login> = {}, typ = DESK_ATTESTATION_TYPE): Promise<string | null> => {
      const jws = await sign(toAttestation(challenge, change), typ);
      return deskAttestedSchema.parse((await post('attest', { jws })).body).refusal;
    },
    attestDevice: async ({ asked_at_ms, nonce, subject }: DeskChallenge): Promise<string | null> => {
      const claims = {
        purpose: 'device',
        device: deviceId,
        subject,
        nonce,
        issued_at_ms: asked_at_ms,
        expires_at_ms: asked_at_ms + 10_000,
      };
      return deskAttestedSchema.parse((await post('attest', { jws: await sign(claims, DESK_ATTESTATION_TYPE) })).body).refusal;
    },
    tellPosture: async (posture: Posture = GOOD_POSTURE, observedAtMs = Date.now()): Promise<string | null> => {
      const jws = await sign({ device: deviceId, posture, observed_at_ms: observedAtMs }, POSTURE_TYPE);
      return deskPostureTakenSchema.parse((await post('posture', { jws })).body).fault;
    },
  };
}
export type SigningDesk = Awaited<ReturnType<typeof createSigningDesk>>;
