import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import { apiUrl, startGatewayOfTest, startWithOperator } from '#test/support/console/gateway.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

describe('reading', () => {
  const reads = ['/people', '/people/x', '/doors', '/log', '/decisions/x', '/directory', '/status', '/events'];

  it.each(['subject.employment_ended', 'subject.not_active'] as const)('is refused with the decision when it says %s', async (reason) => {
    const gateway = await startGatewayOfTest({ judgeOperator: ({ action }) => (action === 'console.read' ? reason : 'permit') });
    const admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
    await signInToConsole(gateway, admin);

    for (const target of reads) {
      const { status, body } = await admin.browser.call<ErrorBody>(apiUrl(gateway, target));
      expect([target, status, body.error.code]).toEqual([target, 403, reason]);
    }
    // One decision, and one record, for all of them.
    expect(gateway.decisions.filter(({ action }) => action === 'console.read')).toHaveLength(1);
  });
});

describe('doors, log and status', () => {
  it('shows doors as unknown until the door node speaks', async () => {
    const { admin, api } = await startWithOperator();

    const { body } = await admin.browser.call(api('/doors'));

    expect(body).toMatchObject({ doors: [{ id: 'main', status: { lock: 'unknown' }, statusSinceMs: null }, { id: 'servers-door' }] });
  });

  it('releases a door by decision', async () => {
    const { gateway, admin, api } = await startWithOperator();

    const { body } = await admin.browser.call(api('/doors/main/release'), { reason: 'delivery at the gate' });

    expect(body).toMatchObject({ released: true, decisionId: gateway.decisions.at(-1)?.decision.id });
    expect(gateway.doorNode.released).toEqual(['main']);
    expect((await admin.browser.call(api('/doors/nowhere/release'), { reason: 'delivery' })).status).toBe(404);
  });

  it('pages the log from the newest back', async () => {
    const { admin, api } = await startWithOperator();

    const first = await admin.browser.call<{ entries: { seq: number }[]; next: number }>(api('/log?limit=2'));
    const second = await admin.browser.call<{ entries: { seq: number }[]; next: number | null }>(
      api(`/log?limit=2&before=${String(first.body.next)}`),
    );

    expect([...first.body.entries, ...second.body.entries].map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(second.body.next).toBeNull();
  });

  it('answers directory and status', async () => {
    const { admin, api } = await startWithOperator();

    expect((await admin.browser.call(api('/directory'))).body).toMatchObject({
      people: { [admin.personId]: 'Person ada' },
      areas: { servers: 'Server room' },
    });
    expect((await admin.browser.call(api('/status'))).body).toMatchObject({ policyRevision: 'test-policy', doorNode: 'online' });
    expect((await admin.browser.call(api('/decisions/none'))).status).toBe(404);
  });

  it('needs a sign-in for every one of them', async () => {
    const gateway = await startGatewayOfTest();
    const browser = new TestBrowser();
    const targets = ['/people', '/people/x', '/doors', '/log', '/decisions/x', '/directory', '/status', '/events'];

    for (const target of targets) {
      const { status, body } = await browser.call<ErrorBody>(apiUrl(gateway, target));
      expect([target, status, body.error.code]).toEqual([target, 401, 'request.unauthenticated']);
    }
  });
});
