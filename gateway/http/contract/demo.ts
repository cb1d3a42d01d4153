import { z } from 'zod';

/** GET /api/demo (404 outside demo mode): what the panel of simulated readers needs. No sign-in: the demo site has nothing to protect. */
export const demoSchema = z.strictObject({
  people: z.array(z.strictObject({ id: z.string(), displayName: z.string(), badge: z.string() })),
  readers: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      doorId: z.string(),
      doorName: z.string(),
      siteName: z.string(),
      side: z.enum(['entry', 'exit']),
    }),
  ),
  /** Doors with a request-to-exit button. */
  exitDoorIds: z.array(z.string()),
  /** Whom a visitor is best shown first: the first ordinary employee. */
  startPersonId: z.string().nullable(),
  apps: z.array(z.strictObject({ id: z.string(), name: z.string(), url: z.string(), description: z.string() })),
  /** The zone in which everybody at this demo is taken to be; null = as their addresses say. */
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
  /** `dropped` = the reader was shown more cards than it takes in a second; `reasons` says so in words. */
  outcome: z.enum(['granted', 'denied', 'dropped', 'no_answer']),
  decisionId: z.string().nullable(),
  reasons: z.array(z.string()),
});
export type DemoBadgeResult = z.infer<typeof demoBadgeResultSchema>;

/** POST /api/demo/exit: presses the door's request-to-exit button and waits for the release (2 s at most). */
export const demoExitSchema = z.strictObject({ doorId: z.string().min(1).max(128), walkThrough: z.boolean() });
export const demoExitResultSchema = z.strictObject({ outcome: z.enum(['released', 'no_answer']) });
export type DemoExitResult = z.infer<typeof demoExitResultSchema>;

/** POST /api/demo/network: moves everybody at this demo to another zone, for the demonstration. */
export const demoNetworkSchema = z.strictObject({ zone: z.enum(['site', 'vpn_egress', 'elsewhere']).nullable() });
