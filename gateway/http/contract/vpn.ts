import { z } from 'zod';
import { reasonTextSchema } from './common.ts';

/** GET /api/vpn/realms -> what people can connect to. */
export const vpnRealmsSchema = z.strictObject({ realms: z.array(z.strictObject({ id: z.string(), name: z.string() })) });
export type VpnRealmsView = z.infer<typeof vpnRealmsSchema>;

/** POST /api/vpn/realms/:realmId/code (ceremonyResponseSchema; options by .../options) -> the code, or why there is none. */
export const vpnCodeSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('code'), userName: z.string(), code: z.string().regex(/^\d{8}$/), expiresAtMs: z.number() }),
  z.strictObject({ outcome: z.literal('denied'), decisionId: z.string(), reasons: z.array(reasonTextSchema).min(1), atMs: z.number() }),
]);
export type VpnCodeView = z.infer<typeof vpnCodeSchema>;
