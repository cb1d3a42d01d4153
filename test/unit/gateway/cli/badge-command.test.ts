import { describe, expect, it } from 'vitest';
import { atGateway } from '#test/support/command-at-gateway.ts';

describe('badge', () => {
  const granted = { outcome: 'granted', decisionId: 'dec_4', reasons: [] };

  it('presents the badge and walks through', async () => {
    const { api, run } = await atGateway({ 'POST /api/demo/badge': { body: granted } });
    expect((await run('badge', 'ann', 'front-in')).out).toMatch(/Ann Lee at Front, outside: granted \(decision dec_4\)/);
    expect(api.requests.at(-1)).toBe('POST /api/demo/badge {"personId":"usr_ann","readerId":"front-in","walkThrough":true}');
  });

  it('stands still on request', async () => {
    const { api, run } = await atGateway({ 'POST /api/demo/badge': { body: granted } });
    await run('badge', 'ann', 'front-in', '--no-walk');
    expect(api.requests.at(-1)).toMatch(/"walkThrough":false/);
  });

  it('explains a denial and ends with 1', async () => {
    const { run } = await atGateway({
      'POST /api/demo/badge': { body: { outcome: 'denied', decisionId: 'dec_5', reasons: ['subject.suspended'] } },
    });
    const { exitCode, err } = await run('badge', 'ann', 'front-in');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/denied \(decision dec_5\)\n {2}subject\.suspended: Your access is suspended/);
  });

  it('does not call a read denied that the reader dropped: nobody decided about it', async () => {
    const { run } = await atGateway({
      'POST /api/demo/badge': { body: { outcome: 'dropped', decisionId: null, reasons: ['osdp.card_rate_exceeded'] } },
    });
    const { exitCode, err } = await run('badge', 'ann', 'front-in');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/Front, outside: the card was not read\n {2}osdp\.card_rate_exceeded: The reader dropped this read/);
    expect(err).not.toContain('denied');
  });

  it('asks for a person when the name is empty', async () => {
    const { run } = await atGateway({});
    expect(await run('badge', '', 'front-in')).toMatchObject({ exitCode: 2, err: expect.stringMatching(/the person is empty/) as string });
  });

  it('asks for the id when the reader is not clear', async () => {
    const { run } = await atGateway({});
    expect(await run('badge', 'ann', 'front')).toMatchObject({ exitCode: 2, err: expect.stringMatching(/front-in/) as string });
  });
});
