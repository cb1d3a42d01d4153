import { z } from 'zod';

/** GET /api/demo (404 outside demo mode): what the panel of simulated readers needs. No sign-in: the demo site has nothing to protect. */
export const demoSchema = z.strictObject({
  people: z.array(z.strictObject({ id: z.string(), displayName: z.string(), badge: z.string() })),
  readers: z.array(
    z.strictObject({ id: z.string(), name: z.string(), doorName: z.string(), siteName: z.string(), side: z.enum(['entry', 'exit']) }),
  ),
  apps: z.array(z.strictObject({ id: z.string(), name: z.string(), url: z.string(), description: z.string() })),
  /** The zone in which requests of this machine are taken to be; null = as the address says. */
  networkZone: z.enum(['site', 'vpn_egress', 'elsewhere']).nullable(),
});
export type DemoView = z.infer<typeof demoSchema>;

/** POST /api/demo/badge: presents the person's badge at the simulated reader and waits for the outcome (2 s at most). */
export const demoBadgeSchema = z.strictObject({
  personId: z.string().min(1).max(128),
  readerId: z.string().min(1).max(128),
  /** Whether the person then walks through: the contact opens and closes. */
  walkThrough: z.boolean(),
});
export const demoBadgeResultSchema = z.strictObject({
  outcome: z.enum(['granted', 'denied', 'no_answer']),
  decisionId: z.string().nullable(),
  reasons: z.array(z.string()),
});
export type DemoBadgeResult = z.infer<typeof demoBadgeResultSchema>;

/** POST /api/demo/network: moves this machine to another zone, for the demonstration. */
export const demoNetworkSchema = z.strictObject({ zone: z.enum(['site', 'vpn_egress', 'elsewhere']).nullable() });
