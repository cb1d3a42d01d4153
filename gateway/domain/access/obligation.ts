import { z } from 'zod';

/**
 * What an enforcement point must do for a permit to hold. One that it does not understand turns the permit into a deny
 * (`obligation.unsupported`), as AuthZEN's obligations draft requires.
 */
export const obligationSchema = z.discriminatedUnion('id', [
  z.strictObject({
    id: z.literal('step_up'),
    /** Authentication context class to reach before asking again. */
    acr: z.enum(['urn:gatehouse:acr:passkey', 'urn:gatehouse:acr:on-site']),
    /** Oldest authentication that satisfies the step-up, seconds. */
    max_age_s: z.int().min(0).max(86_400),
  }),
  z.strictObject({
    /** Use the door's extended release and open times (the person's accessibility flag). */
    id: z.literal('extended_open_time'),
  }),
  z.strictObject({
    /** Ask for the PIN at the reader and ask again with what was entered; the lock stays shut meanwhile. */
    id: z.literal('pin'),
    /** After this it is too late, seconds. */
    within_s: z.int().min(1).max(60),
  }),
  z.strictObject({
    /** Wait for another person’s badge at the same reader, whose question names this person; the lock stays shut meanwhile. */
    id: z.literal('second_person'),
    /** After this it is too late, seconds. */
    within_s: z.int().min(1).max(60),
  }),
  z.strictObject({
    /** Compare the face and ask again with the result. A point without a camera cannot: that is a deny. */
    id: z.literal('face'),
    /** Oldest comparison that satisfies it, seconds. */
    max_age_s: z.int().min(1).max(3_600),
    /** What the point may take in its place: the person chooses. Absent: nothing. */
    alternatives: z.array(z.literal('pin')).min(1).max(1).optional(),
  }),
]);
export type Obligation = z.infer<typeof obligationSchema>;
export type ObligationId = Obligation['id'];
export const obligationIdSchema = z.enum(obligationSchema.options.map(({ shape }) => shape.id.value));
