import { afterEach, expect, it } from 'vitest';
import { someDecision } from '#test/support/audit-records.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';

let gateway: HttpGateway | null = null;
afterEach(() => gateway?.close());

const [ADDRESS, BADGE] = ['198.51.100.77', 'crd_nobody_else_has'];
const { context } = sampleInput;
const input = {
  ...sampleInput,
  context: { ...context, network: { ...context.network, known: true, ip: ADDRESS }, credential: { ...context.credential, id: BADGE } },
};
const masked = ['context.credential.id', 'context.network.ip'];

async function signedIn() {
  gateway = await startHttpGateway({ clients: [] });
  const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, admin);
  const get = async (path: string): Promise<string> =>
    JSON.stringify((await admin.browser.call(`${gateway?.publicUrl ?? ''}/api${path}`)).body);
  return { gateway, admin, get };
}

it.each(['/log?types=decision', '/decisions/decision_1'])(
  'at %s an input is masked where its schema says so, and what was is listed',
  async (path) => {
    const { gateway: running, get } = await signedIn();
    await running.audit.append(someDecision('decision_1', { input }));
    const text = await get(path);
    expect(text).not.toContain(ADDRESS);
    expect(text).not.toContain(BADGE);
    expect(text).toContain(JSON.stringify(masked));
    // The log keeps what it takes to decide again.
    expect(JSON.stringify(await running.records())).toContain(BADGE);
  },
);

it('is masked in the stream too', async () => {
  const { gateway: running, admin } = await signedIn();
  const response = await admin.browser.request(`${running.publicUrl}/api/events`);
  await running.audit.append(someDecision('decision_1', { input }));
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk as Uint8Array, { stream: true });
    if (text.includes('decision_1') && text.endsWith('\n\n')) break;
  }
  expect(text).toContain(JSON.stringify(masked));
  expect(text).not.toContain(ADDRESS);
  expect(text).not.toContain(BADGE);
});

it('names nothing as masked where nothing was', async () => {
  const { gateway: running, get } = await signedIn();
  await running.audit.append(someDecision('decision_1'));
  expect(await get('/decisions/decision_1')).not.toContain('masked');
});
