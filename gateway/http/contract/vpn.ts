import { z } from 'zod';
import { reasonTextSchema } from './common.ts';

/** GET /api/vpn/realms -> what people can connect to; `push` = without a code, by saying yes at the page of requests. */
export const vpnRealmsSchema = z.strictObject({
  realms: z.array(z.strictObject({ id: z.string(), name: z.string(), push: z.boolean() })),
});
export type VpnRealmsView = z.infer<typeof vpnRealmsSchema>;

const vpnDeniedSchema = z.strictObject({
  outcome: z.literal('denied'),
  decisionId: z.string(),
  reasons: z.array(reasonTextSchema).min(1),
  atMs: z.number(),
});

/** POST /api/vpn/realms/:realmId/code (ceremonyResponseSchema; options by .../options) -> the code, or why there is none. */
export const vpnCodeSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('code'), userName: z.string(), code: z.string().regex(/^\d{8}$/), expiresAtMs: z.number() }),
  vpnDeniedSchema,
]);
export type VpnCodeView = z.infer<typeof vpnCodeSchema>;
export type VpnDeniedView = z.infer<typeof vpnDeniedSchema>;

/** GET /api/vpn/approvals/:id -> the connection that waits for its person. */
export const vpnApprovalSchema = z.strictObject({
  realmName: z.string(),
  userName: z.string(),
  /** Of the device that connects; null = not known. */
  ip: z.string().nullable(),
  /** The browser has the same address: it is likely that the same person sits at both. */
  isFromHere: z.boolean(),
});
export type VpnApprovalView = z.infer<typeof vpnApprovalSchema>;

/** POST /api/vpn/approvals/:id (ceremonyResponseSchema; options by .../options) -> the tunnel comes up, or why not. */
export const vpnApprovedSchema = z.discriminatedUnion('outcome', [z.strictObject({ outcome: z.literal('approved') }), vpnDeniedSchema]);
export type VpnApprovedView = z.infer<typeof vpnApprovedSchema>;
