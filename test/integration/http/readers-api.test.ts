import { describe, expect, it } from 'vitest';
import { startWithOperator } from '#test/support/console/gateway.ts';

describe('readers', () => {
  it('are told with state, identity, counters and alarms', async () => {
    const { admin, api } = await startWithOperator();
    const { status, body } = await admin.browser.call<{ readers: { id: string }[] }>(api('/readers'));
    expect(status).toBe(200);
    expect(body.readers[0]).toMatchObject({
      online: true,
      offlineCause: null,
      identity: { vendor: '0a0017', serial: 'cafedeed' },
      traffic: { polls: 9 },
      alarms: { 'osdp.mac_mismatch': 2 },
    });
    const id = body.readers[0]?.id ?? '';
    expect((await admin.browser.call(api(`/readers/${id}`))).body).toEqual({ reader: body.readers[0] });
    expect((await admin.browser.call(api('/readers/nobody'))).status).toBe(404);
  });

  it('show the frames of their line from a number on', async () => {
    const { admin, api } = await startWithOperator();
    const { body } = await admin.browser.call<{ readers: { id: string }[] }>(api('/readers'));
    const frames = api(`/readers/${body.readers[0]?.id ?? ''}/frames`);
    expect((await admin.browser.call(frames)).body).toMatchObject({
      frames: [{ seq: 7, view: { name: 'RAW', text: 'encrypted' } }],
      lastSeq: 7,
      idleFrames: 4,
    });
    expect((await admin.browser.call(`${frames}?after=7`)).body).toMatchObject({ frames: [], hasGap: false });
    expect((await admin.browser.call(`${frames}?after=-1`)).status).toBe(400);
    expect((await admin.browser.call(`${frames}?before=1`)).status).toBe(400);
    expect((await admin.browser.call(api('/readers/nobody/frames'))).status).toBe(404);
  });

  it.each(['/readers', '/readers/x', '/readers/x/frames'])('at %s are shown to nobody without a role that reads', async (path) => {
    const { admin, api } = await startWithOperator({ role: 'employee' });
    expect((await admin.browser.call(api(path))).status).toBe(403);
    await admin.browser.call(api('/session'), undefined, 'DELETE');
    expect((await admin.browser.call(api(path))).status).toBe(401);
  });
});
