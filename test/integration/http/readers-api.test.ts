import { afterEach, describe, expect, it } from 'vitest';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { enrolPerson, signInToConsole } from '#test/support/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function signedIn(role: string) {
  const gateway = await startHttpGateway({ clients: [] });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ada', { roles: [role] });
  await signInToConsole(gateway, person);
  return { gateway, browser: person.browser };
}

const api = (gateway: HttpGateway, path: string): string => `${gateway.publicUrl}/api${path}`;

describe('readers', () => {
  it('are told with state, identity, counters and alarms', async () => {
    const { gateway, browser } = await signedIn('security_admin');
    const { status, body } = await browser.call<{ readers: { id: string }[] }>(api(gateway, '/readers'));
    expect(status).toBe(200);
    expect(body.readers[0]).toMatchObject({
      online: true,
      offlineCause: null,
      identity: { vendor: '0a0017', serial: 'cafedeed' },
      traffic: { polls: 9 },
      alarms: { 'osdp.mac_mismatch': 2 },
    });
    const id = body.readers[0]?.id ?? '';
    expect((await browser.call(api(gateway, `/readers/${id}`))).body).toEqual({ reader: body.readers[0] });
    expect((await browser.call(api(gateway, '/readers/nobody'))).status).toBe(404);
  });

  it('show the frames of their line from a number on', async () => {
    const { gateway, browser } = await signedIn('security_admin');
    const { body } = await browser.call<{ readers: { id: string }[] }>(api(gateway, '/readers'));
    const frames = api(gateway, `/readers/${body.readers[0]?.id ?? ''}/frames`);
    expect((await browser.call(frames)).body).toMatchObject({
      frames: [{ seq: 7, view: { name: 'RAW', text: 'encrypted' } }],
      lastSeq: 7,
      idleFrames: 4,
    });
    expect((await browser.call(`${frames}?after=7`)).body).toMatchObject({ frames: [], hasGap: false });
    expect((await browser.call(`${frames}?after=-1`)).status).toBe(400);
    expect((await browser.call(`${frames}?before=1`)).status).toBe(400);
    expect((await browser.call(api(gateway, '/readers/nobody/frames'))).status).toBe(404);
  });

  it.each(['/readers', '/readers/x', '/readers/x/frames'])('at %s are shown to nobody without a role that reads', async (path) => {
    const { gateway, browser } = await signedIn('employee');
    expect((await browser.call(api(gateway, path))).status).toBe(403);
    await browser.call(api(gateway, '/session'), undefined, 'DELETE');
    expect((await browser.call(api(gateway, path))).status).toBe(401);
  });
});
