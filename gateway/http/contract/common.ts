import { z } from 'zod';

/** Every error body of every endpoint. `field` names the offending input where there is one. */
export const errorBodySchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), field: z.string().optional(), decisionId: z.string().optional() }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** Longest JSON body that the API takes, bytes. */
export const BODY_BYTES_MAX = 65_536;

/** A reason as people read it: the code, what it means, and what to do, in English. Pages put it in their language by the code. */
export const reasonTextSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** Where to badge, when that is the remedy. */
  place: z.strictObject({ areaName: z.string(), siteName: z.string() }).optional(),
});
export type ReasonText = z.infer<typeof reasonTextSchema>;

/** Why an operator does what they do, in their own words. It is recorded. */
export const operatorReasonSchema = z.string().trim().min(3).max(500);
/** Of every order that needs nothing else, such as POST /api/people/:id/suspend. */
export const reasonBodySchema = z.strictObject({ reason: operatorReasonSchema });

export const emptySchema = z.strictObject({});

/** WebAuthn JSON is checked by the WebAuthn library itself; here only that it is an object of bounded size. */
export const webauthnJsonSchema = z.looseObject({});
