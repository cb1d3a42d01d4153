import { z } from 'zod';

/** GET /api/demo (404 outside demo mode): what the panel of simulated readers needs. No sign-in: the demo site has nothing to protect. */
export const demoSchema = z.strictObject({
  people: z.array(
    z.strictObject({
      id: z.string(),
      displayName: z.string(),
      badge: z.string(),
      /** Drawn at this start; null = has none. */
      pins: z.strictObject({ pin: z.string(), duressPin: z.string() }).nullable(),
    }),
  ),
  readers: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      doorId: z.string(),
      doorName: z.string(),
      siteName: z.string(),
      side: z.enum(['entry', 'exit']),
      /** Its door asks for a PIN at times. */
      hasKeypad: z.boolean(),
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
  /** `pin_wanted` = the reader asks for the PIN; POST /api/demo/keys gives it. `dropped` = the reader was shown more cards than it takes in a second; `reasons` says so in words. */
  outcome: z.enum(['granted', 'denied', 'pin_wanted', 'dropped', 'no_answer']),
  decisionId: z.string().nullable(),
  reasons: z.array(z.string()),
});
export type DemoBadgeResult = z.infer<typeof demoBadgeResultSchema>;

/** POST /api/demo/keys: presses keys at the simulated reader, as the person who badged there, and waits for the outcome (2 s at most). */
export const demoKeysSchema = demoBadgeSchema.extend({ keys: z.string().regex(/^[0-9*#]{1,16}$/) });

/** POST /api/demo/exit: presses the door's request-to-exit button and waits for the release (2 s at most). */
export const demoExitSchema = z.strictObject({ doorId: z.string().min(1).max(128), walkThrough: z.boolean() });
export const demoExitResultSchema = z.strictObject({ outcome: z.enum(['released', 'no_answer']) });
export type DemoExitResult = z.infer<typeof demoExitResultSchema>;

/** POST /api/demo/network: moves everybody at this demo to another zone, for the demonstration. */
export const demoNetworkSchema = z.strictObject({ zone: z.enum(['site', 'vpn_egress', 'elsewhere']).nullable() });
