import { z } from 'zod';
import { decisionInputSchema } from '#gateway/domain/access/decision-input.ts';
import { policyAnswerSchema } from '#gateway/domain/access/decision.ts';
import { policyDataSchema } from '#gateway/domain/access/policy-data.ts';

function textOf(schema: z.ZodType): string {
  // Draft 7 is the newest that OPA's type checker reads.
  return `${JSON.stringify(z.toJSONSchema(schema, { target: 'draft-7' }), null, 2)}\n`;
}

/** Files of policies/schema, generated from the schemas that the gateway itself validates with: one source, one truth. */
export function policySchemaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['input.schema.json', textOf(decisionInputSchema)],
    ['decision.schema.json', textOf(policyAnswerSchema)],
    ['data.schema.json', textOf(policyDataSchema.shape.gatehouse)],
  ]);
}
