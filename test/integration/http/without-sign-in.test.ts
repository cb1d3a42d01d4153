import { describe, expect, it, onTestFinished } from 'vitest';
import { apiUrl, startGatewayOfTest } from '#test/support/console/gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

describe('demo routes', () => {
  it('do not exist outside demo mode', async () => {
    const gateway = await startGatewayOfTest();
    expect((await new TestBrowser().call(apiUrl(gateway, '/demo'))).status).toBe(404);
  });

  it('badge at a simulated reader and press an exit button without a sign-in', async () => {
    const badges: unknown[] = [];
    const gateway = await startGatewayOfTest({
      demo: {
        view: async () => ({ people: [], readers: [], exitDoorIds: [], startPersonId: null, apps: [], networkZone: null }),
        badge: async (badge) => {
          badges.push(badge);
          return { outcome: 'granted', decisionId: 'decision_1', reasons: [] };
        },
        pressKeys: async (keys) => {
          badges.push(keys);
          return { outcome: 'denied', decisionId: 'decision_2', reasons: ['pin.invalid'] };
        },
        pressExit: async ({ doorId }) => {
          badges.push(doorId);
          return { outcome: 'released' };
        },
        setNetworkZone: async () => undefined,
      },
    });
    const badge = { personId: 'person_ann', readerId: 'main', walkThrough: true };

    const { body } = await new TestBrowser().call(apiUrl(gateway, '/demo/badge'), badge);

    expect(body).toEqual({ outcome: 'granted', decisionId: 'decision_1', reasons: [] });
    const exit = await new TestBrowser().call(apiUrl(gateway, '/demo/exit'), { doorId: 'main', walkThrough: false });
    expect(exit.body).toEqual({ outcome: 'released' });
    expect(badges).toEqual([badge, 'main']);
  });
});

describe('control socket', () => {
  it('acts as operator local, whose role is host', async () => {
    const gateway = await startGatewayOfTest();
    await gateway.people.save(somePerson('ann'));
    const control = await listenLater();
    onTestFinished(() => closeServer(control.server));
    control.serve(gateway.http.handleControl);

    const suspended = await fetch(`${control.origin}/api/people/${personId('ann')}/suspend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'from the host' }),
    });
    expect(suspended.status).toBe(200);
    expect(gateway.decisions.at(-1)).toMatchObject({ personId: 'local', action: 'person.suspend' });
    const release = await fetch(`${control.origin}/api/doors/main/release`, { method: 'POST', body: '{}' });
    expect(release.status).toBe(415);
  });
});
