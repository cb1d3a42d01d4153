import { afterEach, describe, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { envoyAsks, traefikAsks, type Arriving } from '#test/support/peers/shipped-exchange.ts';
import { sendRaw } from '#test/support/raw-request.ts';

const ORIGIN = 'https://wiki.example.com';
const siteAt = (appId: string, origin: string, publicPaths: readonly string[]): Website => ({
  appId: appId as AppId,
  name: appId,
  clientId: `website:${appId}`,
  origin,
  paths: ['/'],
  publicPaths,
});
/** Open to everybody, at addresses whose requests could come to the website of the files. */
const OTHERS = ['https://open.example.com', `${ORIGIN}:8443`, 'http://wiki.example.com'];

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** What the gateway answers to what the proxy asks; null = it serves the request to nobody. */
async function startAsking(asks: typeof traefikAsks): Promise<(arriving: Arriving) => Promise<string | null>> {
  const websites = [siteAt('wiki', ORIGIN, ['/health']), ...OTHERS.map((origin, index) => siteAt(`open-${String(index)}`, origin, ['/']))];
  const gateway = await startHttpGateway({ clients: [], websites, trustedProxies: ['127.0.0.1/32'] });
  cleanUp.push(() => gateway.close());
  return async (arriving) => {
    const question = asks({ ...arriving, headers: { accept: 'text/html', ...arriving.headers } });
    if (question === null) return null;
    const lines = Object.entries({ host: 'gatehouse', ...question.headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `GET ${question.path} HTTP/1.1\r\n${lines.join('')}connection: close\r\n\r\n`;
    const { text } = await sendRaw(Number(new URL(gateway.publicUrl).port), head, 5_000);
    const [, status = '', location = ''] = /^HTTP\/1\.1 (\d+)(?:[^]*?\r\nlocation: ([^\r]+))?/i.exec(text) ?? [];
    return `${status} ${location}`.trim();
  };
}

const SIGN_IN = `302 ${ORIGIN}/.gatehouse/sign-in?to=%2Fsecret`;

describe.each([
  { name: 'Traefik', asks: traefikAsks },
  { name: 'Envoy', asks: envoyAsks },
])('the files for $name', ({ asks }) => {
  it('send a person to the sign-in of the website, and let everybody to its public paths', async () => {
    const ask = await startAsking(asks);
    const honest = { host: 'wiki.example.com', isTls: true };
    expect(await ask({ ...honest, target: '/secret' })).toBe(SIGN_IN);
    expect(await ask({ ...honest, target: '/health' })).toBe('200');
  });

  it.each<[string, Partial<Arriving>]>([
    ['with another port', { host: 'wiki.example.com:8443' }],
    ['under another host', { host: 'open.example.com' }],
    ['without TLS', { isTls: false }],
    ['with forwarding headers of its own', { headers: { 'x-forwarded-host': 'open.example.com', 'x-forwarded-uri': '/health' } }],
    ['with a scheme of its own', { headers: { 'x-forwarded-proto': 'http' } }],
    ['with an address in another convention', { headers: { 'x-original-url': 'https://open.example.com/' } }],
  ])('ask about no other website for a request %s', async (_name, change) => {
    const ask = await startAsking(asks);
    expect([null, SIGN_IN]).toContain(await ask({ host: 'wiki.example.com', isTls: true, target: '/secret', ...change }));
  });
});
