import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { ClientRights } from '#gateway/app/authzen/clients.ts';

export const AUTHZEN_KEY = 'key-of-the-turnstiles';
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const someAuthzenClient = (change: Partial<ClientRights> = {}): ClientRights => ({
  id: 'turnstiles',
  keySha256: sha256(AUTHZEN_KEY),
  actions: ['door.unlock', 'app.login', 'token.refresh', 'vpn.connect'],
  resources: ['door', 'app', 'vpn_realm'],
  fulfils: ['step_up', 'extended_open_time'],
  hasSecureReaders: true,
  ...change,
});

export interface AuthzenReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed when it is JSON, else null. */
  readonly body: unknown;
}

export interface AuthzenRequest {
  readonly method?: string;
  /** Null = without credentials. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request as an enforcement point makes it; `body` is sent as it is when it is text. */
export function askAuthzen(origin: string, path: string, body: unknown, options: AuthzenRequest = {}): Promise<AuthzenReply> {
  const { method = 'POST', key = AUTHZEN_KEY, headers = {} } = options;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}${path}`,
      {
        method,
        agent: false,
        headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type'] === 'application/json';
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer, body: isJson ? JSON.parse(answer) : null });
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' || method === 'HEAD' ? undefined : text);
  });
}
