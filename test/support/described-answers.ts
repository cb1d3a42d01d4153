import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createOpenapi, type OpenapiOperation } from '#gateway/http/docs/create-openapi.ts';

interface Described {
  readonly content?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Headers that say something of their own; all others are of every answer. */
const TELLING = /^(?:location|set-cookie|www-authenticate|retry-after|etag|remote-|x-gatehouse-|x-auth-request-)/;

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What follows the path of the route, where parameters stand for themselves. */
  readonly target?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function send(origin: string, method: string, { body, headers = {}, target = '/' }: Asked): Promise<Answered> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest({ hostname, port, path: target, method, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on('error', reject).end(body);
  });
}

/** Holds what a face answers against what is said of it at /openapi.json. */
export function createDescribedFace(origin: string) {
  const { paths } = createOpenapi(origin);
  const reached = new Map<string, Set<string>>();
  const faults: string[] = [];

  const operationOf = (route: string): OpenapiOperation => {
    const [method = '', path = ''] = route.split(' ');
    const operation = paths[path]?.[method];
    if (operation === undefined) throw new Error(`nothing is said of ${route}`);
    return operation;
  };

  return {
    /** `route`: as `get /scim/v2/Users/{id}`. */
    ask: async (route: string, asked: Asked = {}): Promise<Answered> => {
      const [method = '', path = ''] = route.split(' ');
      const answered = await send(origin, method.toUpperCase(), { target: path, ...asked });
      const status = String(answered.status);
      const said = (operationOf(route).responses as Readonly<Record<string, Described | undefined>>)[status];
      reached.set(route, (reached.get(route) ?? new Set()).add(status));
      if (said === undefined) {
        faults.push(`${route}: ${status}`);
        return answered;
      }
      const [type = ''] = (answered.headers['content-type'] ?? '').split(';');
      // Nobody reads what a redirect holds beside its address.
      if (answered.body !== '' && !status.startsWith('3') && said.content?.[type] === undefined)
        faults.push(`${route}: ${status} as ${type}`);
      const names = new Set(Object.keys(said.headers ?? {}).map((name) => name.toLowerCase()));
      for (const name of Object.keys(answered.headers))
        if (TELLING.test(name) && !names.has(name)) faults.push(`${route}: ${status} with ${name}`);
      return answered;
    },
    /** What was answered and is not said. */
    faults: (): readonly string[] => faults,
    /** What is said of the routes that were asked, and none of them answered. */
    unreached: (): readonly string[] => {
      const seen = new Set([...reached.values()].flatMap((statuses) => [...statuses]));
      const said = [...reached.keys()].flatMap((route) => Object.keys(operationOf(route).responses));
      return [...new Set(said)].filter((status) => !seen.has(status)).sort();
    },
    statusesOf: (route: string): readonly string[] => [...(reached.get(route) ?? [])].sort(),
    said: (route: string): readonly string[] => Object.keys(operationOf(route).responses).sort(),
    operationOf,
  };
}
