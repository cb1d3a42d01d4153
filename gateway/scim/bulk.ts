import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { tryParse } from '../domain/try-parse.ts';
import { readIfMatch, type RoutedRequest, type RunOperation } from './endpoint.ts';
import { isRecord } from './read-body.ts';
import { BULK_OPERATIONS_MAX } from './schemas.ts';
import { ScimError, toErrorReply, type ScimReply } from './scim-error.ts';

const RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
const REFERENCE = 'bulkId:';

const operationSchema = z.object({
  method: z.string().transform((method) => method.toUpperCase()),
  path: z.string().max(512),
  bulkId: z.string().min(1).max(128).optional(),
  version: z.string().max(64).optional(),
  data: z.record(z.string(), z.unknown()).default({}),
});
type Operation = z.output<typeof operationSchema>;

interface Answered {
  readonly operation: Operation;
  readonly reply: ScimReply;
}

/**
 * RFC 7644 3.7: operations in their order, except that one which names what another makes comes after it. Each is a change of its own:
 * what was done before a failure stays done.
 */
export function createBulk(run: RunOperation, base: string): (request: RoutedRequest) => Promise<ScimReply> {
  return async (request) => {
    const { failOnErrors, operations } = readBulk(request.body);
    const ids = new Map<string, string>();
    const answered: Answered[] = [];
    let waiting = operations;
    let failures = 0;
    while (waiting.length > 0 && failures < failOnErrors) {
      const made = new Set(waiting.flatMap(({ bulkId, method }) => (method === 'POST' && bulkId !== undefined ? [bulkId] : [])));
      const next = waiting.find((operation) => ![...referencesOf(operation)].some((id) => made.has(id) && !ids.has(id)));
      const operation = next ?? waiting[0];
      if (operation === undefined) break;
      waiting = waiting.filter((one) => one !== operation);
      const reply = next === undefined ? CIRCULAR : await runOne(run, request, operation, ids);
      if (reply.status >= 400) failures += 1;
      else if (operation.bulkId !== undefined && isRecord(reply.body) && typeof reply.body['id'] === 'string')
        ids.set(operation.bulkId, reply.body['id']);
      answered.push({ operation, reply });
    }
    return { status: 200, body: { schemas: [RESPONSE_SCHEMA], Operations: answered.map((one) => toAnswer(one, base)) } };
  };
}

const CIRCULAR = toErrorReply({ status: 409, scimType: null, message: 'The operation waits for one that waits for it.' });

function readBulk(body: Readonly<Record<string, unknown>>): { readonly failOnErrors: number; readonly operations: readonly Operation[] } {
  const listed: unknown = body['Operations'] ?? body['operations'];
  if (!Array.isArray(listed)) throw new ScimError(400, 'invalidSyntax', 'Operations is a list.');
  if (listed.length > BULK_OPERATIONS_MAX)
    throw new ScimError(413, null, `A bulk request has ${String(BULK_OPERATIONS_MAX)} operations at most.`);
  const failOnErrors = tryParse(z.int().min(1).optional(), body['failOnErrors']);
  const operations = tryParse(z.array(operationSchema), listed);
  if (!failOnErrors.success) throw new ScimError(400, 'invalidValue', 'failOnErrors is a number from 1.');
  if (!operations.success)
    throw new ScimError(400, 'invalidSyntax', 'An operation has a method, a path and, where it makes something, a bulkId and data.');
  const bulkIds = operations.data.flatMap(({ bulkId }) => bulkId ?? []);
  if (new Set(bulkIds).size < bulkIds.length) throw new ScimError(400, 'invalidValue', 'A bulkId is there twice.');
  return { failOnErrors: failOnErrors.data ?? Number.POSITIVE_INFINITY, operations: operations.data };
}

async function runOne(
  run: RunOperation,
  request: RoutedRequest,
  operation: Operation,
  ids: ReadonlyMap<string, string>,
): Promise<ScimReply> {
  try {
    if (operation.method === 'POST' && operation.bulkId === undefined) throw new ScimError(400, 'invalidValue', 'A POST has a bulkId.');
    if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(operation.method))
      throw new ScimError(400, 'invalidValue', 'method is POST, PUT, PATCH or DELETE.');
    const body = resolve(operation.data, ids);
    const path = operation.path
      .split('/')
      .map((part) => String(resolve(part, ids)))
      .join('/');
    if (path.endsWith('/.search') || !isRecord(body)) throw new ScimError(400, 'invalidValue', 'A bulk request changes resources.');
    return await run({
      ...request,
      method: operation.method,
      path,
      body,
      query: new URLSearchParams(),
      ifMatch: readIfMatch(operation.version),
    });
  } catch (failure) {
    if (failure instanceof ScimError) return toErrorReply(failure);
    if (!(failure instanceof GatewayError) || failure.code !== 'store.conflict') throw failure;
    return toErrorReply({ status: 409, scimType: 'uniqueness', message: failure.publicMessage });
  }
}

function referencesOf({ data, path }: Operation): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith(REFERENCE)) found.add(value.slice(REFERENCE.length));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  look(data);
  path.split('/').forEach(look);
  return found;
}

/** What was made under a bulkId, in place of it. @throws ScimError nothing was */
function resolve(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((inner: unknown) => resolve(inner, ids));
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, ids)]));
  if (typeof value !== 'string' || !value.startsWith(REFERENCE)) return value;
  const id = ids.get(value.slice(REFERENCE.length));
  if (id === undefined) throw new ScimError(400, 'invalidValue', `Nothing was made under ${value.slice(0, 136)}.`);
  return id;
}

function toAnswer({ operation, reply }: Answered, base: string): object {
  const { bulkId, method, path } = operation;
  const location = reply.headers?.['location'] ?? (method === 'POST' || path.includes(REFERENCE) ? undefined : `${base}${path}`);
  return {
    method,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(location === undefined ? {} : { location }),
    ...(reply.headers?.['etag'] === undefined ? {} : { version: reply.headers['etag'] }),
    status: String(reply.status),
    ...(reply.status >= 400 ? { response: reply.body } : {}),
  };
}
