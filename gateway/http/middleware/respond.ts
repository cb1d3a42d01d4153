import type { Response } from 'express';
import type { z } from 'zod';

/** The only way a JSON answer leaves: what we promise is checked as what we are sent. A mismatch is our failure, hence a 500. */
export function respond<Schema extends z.ZodType>(response: Response, schema: Schema, value: z.input<Schema>, status = 200): void {
  const body: unknown = schema.parse(value);
  response.status(status).set('cache-control', 'no-store').json(body);
}
