import { z } from 'zod';
import { AUTHZEN_PATHS } from './metadata.ts';
import { batchBodySchema, questionSchema, searchSchemas } from './requests.ts';

const decided = z.object({ decision: z.boolean(), context: z.record(z.string(), z.unknown()).optional() });
const page = z.object({ next_token: z.string().meta({ description: 'Empty at the end.' }), count: z.int() });
const found = <Result extends z.ZodType>(result: Result) => z.object({ page, results: z.array(result) });
const entity = z.object({ type: z.string(), id: z.string() });

const ANSWERS = {
  evaluation: decided,
  evaluations: z.union([z.object({ evaluations: z.array(decided) }), decided]),
  subject: found(entity),
  resource: found(entity),
  action: found(z.object({ name: z.string() })),
} as const;

const BODIES = { evaluation: questionSchema, evaluations: batchBodySchema, ...searchSchemas } as const;

const SUMMARIES: { readonly [Name in keyof typeof BODIES]: string } = {
  evaluation: 'May this subject do this to that resource?',
  evaluations: 'Several such questions; without any, the request is a single one.',
  subject: 'Who may do this to that resource, presenting what they hold?',
  resource: 'To which resources may this subject do this?',
  action: 'What may this subject do to that resource?',
};

/** The errors of every address: one line of text (AuthZEN 1.0 section 10.1.3). */
const ERRORS = {
  400: 'The request does not fit; the line names the field.',
  401: 'No credentials, or none of a configured client.',
  403: 'This client may not ask about this action and resource.',
  413: 'The body is too long.',
  429: 'Too many searches run at this moment.',
  500: 'Something failed inside the gateway; nothing was granted.',
} as const;

const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: z.toJSONSchema(schema, { io, unrepresentable: 'any' }) },
});

function operation(name: keyof typeof BODIES) {
  const errors = Object.entries(ERRORS).map(
    ([status, description]) => [status, { description, content: { 'text/plain': { schema: { type: 'string' } } } }] as const,
  );
  return {
    post: {
      operationId: name === 'evaluation' || name === 'evaluations' ? name : `search_${name}`,
      summary: SUMMARIES[name],
      parameters: [{ name: 'X-Request-ID', in: 'header', required: false, schema: { type: 'string', maxLength: 128 } }],
      requestBody: { required: true, content: json(BODIES[name], 'input') },
      responses: {
        200: { description: 'An answer, also where it is no.', content: json(ANSWERS[name], 'output') },
        ...Object.fromEntries(errors),
      },
    },
  };
}

/** OpenAPI 3.1 of this face, made of the schemas that requests are read with. */
export function createOpenapi(publicUrl: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'Gatehouse decisions (AuthZEN Authorization API 1.0)', version: '1.0' },
    servers: [{ url: publicUrl }],
    security: [{ client_key: [] }],
    components: { securitySchemes: { client_key: { type: 'http', scheme: 'bearer' } } },
    paths: Object.fromEntries((Object.keys(BODIES) as (keyof typeof BODIES)[]).map((name) => [AUTHZEN_PATHS[name], operation(name)])),
  };
}
