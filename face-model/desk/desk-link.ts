import { z } from 'zod';
import { DESK_REVOCATION_CAUSES } from '#gateway/domain/desk/desk-device.ts';
import type { FacePublicKey } from '#gateway/domain/face/face-device.ts';
import type { DeviceKey } from '../terminal/device-key.ts';
import { callGateway, type Called } from '../terminal/signed-call.ts';

export const deskIdentitySchema = z.strictObject({
  deviceId: z.string().min(1),
  personId: z.string().min(1),
  label: z.string(),
  issuer: z.url(),
});
export type DeskIdentity = z.infer<typeof deskIdentitySchema>;

/** What the gateway has of a computer that it knows. */
export const deskStandingSchema = z.strictObject({ label: z.string(), hasFace: z.boolean(), seenAtMs: z.number().nullable() });
export type DeskStanding = z.infer<typeof deskStandingSchema>;

const revocationSchema = z.strictObject({ atMs: z.number(), because: z.enum(DESK_REVOCATION_CAUSES) }).nullable();
export type ToldRevocation = z.infer<typeof revocationSchema>;

const pathOf = (name: string): string => `/api/desk/${name}`;

/** Gives the gateway this computer's key against a one-time code. @throws GatewayCallError 410 = the code is not (or no longer) good */
export async function enrolDeskAtGateway(
  at: { readonly url: string; readonly key: DeviceKey; readonly nowMs: () => number },
  body: { readonly code: string; readonly packHash: string | null; readonly publicKey: FacePublicKey; readonly keyKind: DeviceKey['kind'] },
): Promise<DeskIdentity> {
  return callGateway({ ...at, deviceId: '' }, { path: pathOf('enrol'), body, schema: deskIdentitySchema });
}

/** The gateway as a computer sees it. Every call @throws GatewayCallError */
export interface DeskLink {
  /** Null = it was taken. */
  attest(jws: string): Promise<string | null>;
  /** Null = it is kept. */
  tellPosture(jws: string): Promise<string | null>;
  /** The open order to enrol a face; null = nobody has given one. */
  beginFace(packHash: string): Promise<string | null>;
  reportFace(jws: string): Promise<void>;
  /** GatewayCallError 401: it is revoked. */
  standing(): Promise<DeskStanding>;
  /** Why it is revoked, if it is; null = nobody kept it. GatewayCallError 401: it is not, or was never of this gateway. */
  revocation(): Promise<ToldRevocation>;
}

export function createDeskLink(at: Called): DeskLink {
  return {
    attest: async (jws) =>
      (await callGateway(at, { path: pathOf('attest'), body: { jws }, schema: z.strictObject({ refusal: z.string().nullable() }) }))
        .refusal,
    tellPosture: async (jws) =>
      (await callGateway(at, { path: pathOf('posture'), body: { jws }, schema: z.strictObject({ fault: z.string().nullable() }) })).fault,
    beginFace: async (packHash) =>
      (await callGateway(at, { path: pathOf('face'), body: { packHash }, schema: z.strictObject({ orderId: z.string().nullable() }) }))
        .orderId,
    reportFace: async (jws) => void (await callGateway(at, { path: pathOf('face/report'), body: { jws }, schema: z.strictObject({}) })),
    standing: () => callGateway(at, { path: pathOf('standing'), body: {}, schema: deskStandingSchema }),
    revocation: async () => {
      const schema = z.strictObject({ revocation: revocationSchema });
      return (await callGateway(at, { path: pathOf('revocation'), body: {}, schema })).revocation;
    },
  };
}
