import { request, type IncomingMessage } from 'node:http';

/** `fetch` for plain HTTP whose connections come from a loopback address of choice; redirects are not followed. */
export function fetchFrom(localAddress: string): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = { ...Object.fromEntries(new Headers(init.headers)), host: url.host };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname + url.search,
        method: init.method ?? 'GET',
        headers,
        localAddress,
        agent: false,
      });
      sent.on('response', resolve);
      sent.on('error', reject);
      sent.end(typeof init.body === 'string' ? init.body : undefined);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const status = response.statusCode ?? 500;
    const answer = new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status });
    for (let i = 0; i < response.rawHeaders.length; i += 2)
      answer.headers.append(response.rawHeaders[i] ?? '', response.rawHeaders[i + 1] ?? '');
    return answer;
  };
}
