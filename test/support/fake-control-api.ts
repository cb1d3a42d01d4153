import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface FakeAnswer {
  readonly status?: number;
  /** JSON body; text is sent as it is. */
  readonly body: unknown;
  /** Leaves the connection open after the body. */
  readonly open?: true;
}

export interface FakeControlApi {
  /** `METHOD /path?query BODY` of every request, in order. */
  readonly requests: string[];
  readonly headers: IncomingMessage['headers'][];
}

/** A gateway of fixed answers, by `METHOD /path` without the query; it ends with the test. */
export async function serveFakeApi(
  answers: Readonly<Record<string, FakeAnswer>>,
  listenAt: string | 0,
): Promise<FakeControlApi & { readonly url: string }> {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url} ${Buffer.concat(chunks).toString('utf8')}`.trim());
    headers.push(request.headers);
    const found = answers[`${method} ${url.split('?')[0] ?? ''}`];
    const body = found?.body ?? { error: { code: 'resource.unknown', message: 'There is nothing at this address.' } };
    response.writeHead(found === undefined ? 404 : (found.status ?? 200));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    if (found?.open === true) response.write(text);
    else response.end(text);
  }

  await new Promise<void>((resolve) => server.listen(listenAt, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { requests, headers, url: typeof address === 'object' && address !== null ? `http://localhost:${address.port}` : '' };
}
