import { describe, expect, it } from 'vitest';
import { atGateway } from '#test/support/command-at-gateway.ts';

const somebody = (id: string, email: string) => ({
  id,
  displayName: id,
  email,
  standing: 'active',
  roles: [],
  groups: [],
  clearance: 0,
  presence: null,
});
const RECEIPT = {
  personId: 'usr_ann',
  epoch: 7,
  state: 'contained',
  requestedAtMs: 1_000,
  targets: [{ target: 'doors', method: 'epoch push', acknowledgedAtMs: 1_042, count: 6 }],
};

const SUSPENDED = { 'POST /api/people/usr_ann/suspend': { body: { decisionId: 'dec_1', receipt: RECEIPT } } };

describe('suspend', () => {
  it('sends the reason and prints the receipt', async () => {
    const { api, run } = await atGateway(SUSPENDED);
    const { exitCode, out } = await run('suspend', 'usr_ann', '--reason', 'Left the company');
    expect(exitCode).toBe(0);
    expect(api.requests.at(-1)).toBe('POST /api/people/usr_ann/suspend {"reason":"Left the company"}');
    expect(out).toMatch(/Ann Lee is suspended, contained \(decision dec_1, epoch 7\)/);
    expect(out).toMatch(/doors +epoch push +6 +42 ms/);
  });

  it('prints the answer alone for scripts', async () => {
    const { run } = await atGateway(SUSPENDED);
    const { out } = await run('suspend', 'ann', '--reason', 'Left the company', '--json');
    expect(JSON.parse(out)).toEqual({ decisionId: 'dec_1', receipt: RECEIPT });
  });

  it.each(['usr_ann', 'Ann Lee', 'ann l', 'lee'])('finds the person by %s', async (text) => {
    const { run } = await atGateway(SUSPENDED);
    expect(await run('suspend', text, '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
  });

  it('finds the person by e-mail over pages, without case', async () => {
    const { api, run } = await atGateway({
      ...SUSPENDED,
      'GET /api/people': { body: { people: [somebody('usr_ann', 'ann@example.test')], next: null } },
    });
    expect(await run('suspend', 'Ann@Example.test', '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
    expect(api.requests).toContain('GET /api/people');
    expect(await run('suspend', 'gone@example.test', '--reason', 'Left the company')).toMatchObject({ exitCode: 1 });
  });

  it('acts on nobody when the name fits several people, and names them', async () => {
    const { api, run } = await atGateway({});
    const { exitCode, err } = await run('suspend', 'an', '--reason', 'Left the company');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/Ann Lee \(usr_ann\)/);
    expect(err).toMatch(/Bob Anders \(usr_bob\)/);
    expect(api.requests.some((request) => request.startsWith('POST'))).toBe(false);
  });

  it('says what names a person when there is none such', async () => {
    const { run } = await atGateway({});
    const err = 'gatehouse: there is no person zed: give an id, an e-mail, or the beginning of a name\n';
    expect(await run('enrol', 'zed')).toMatchObject({ exitCode: 1, err });
  });

  it('takes a whole name before the beginning of another', async () => {
    const { run } = await atGateway({ 'POST /api/people/usr_bo/suspend': SUSPENDED['POST /api/people/usr_ann/suspend'] });
    expect(await run('suspend', 'bo', '--reason', 'Left the company')).toMatchObject({ exitCode: 0 });
  });

  it('says why it was refused, with the decision', async () => {
    const error = { code: 'operator.not_authorized', message: 'Your role does not allow this.', decisionId: 'dec_9' };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/suspend': { status: 403, body: { error } } });
    const { exitCode, err, out } = await run('suspend', 'usr_ann', '--reason', 'Left the company', '--json');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/does not allow this\. \(operator\.not_authorized, decision dec_9\)/);
    expect(JSON.parse(out)).toEqual({ error });
  });

  it('needs a reason', async () => {
    const { run } = await atGateway({});
    expect(await run('suspend', 'usr_ann')).toMatchObject({ exitCode: 2 });
  });
});

describe('reinstate', () => {
  it('says that a second operator is needed', async () => {
    const body = { state: 'waiting_for_second_operator', decisionId: 'dec_2', expiresAtMs: 0 };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/reinstate': { body } });
    expect((await run('reinstate', 'usr_ann', '--reason', 'A mistake')).out).toMatch(/stays suspended until a second, different operator/);
  });

  it('says when the person is back', async () => {
    const body = { state: 'reinstated', decisionId: 'dec_3', epoch: 8 };
    const { run } = await atGateway({ 'POST /api/people/usr_ann/reinstate': { body } });
    expect((await run('reinstate', 'usr_ann', '--reason', 'A mistake')).out).toMatch(/Ann Lee is reinstated \(decision dec_3, epoch 8\)/);
  });
});

describe('unrestrict', () => {
  it('ends a restriction, with a reason', async () => {
    const { run } = await atGateway({ 'POST /api/people/usr_ann/unrestrict': { body: { decisionId: 'dec_4', epoch: 9 } } });
    expect((await run('unrestrict', 'usr_ann', '--reason', 'She stood here')).out).toMatch(
      /Ann Lee is restricted no more \(decision dec_4, epoch 9\)/,
    );
    expect(await run('unrestrict', 'usr_ann')).toMatchObject({ exitCode: 2 });
  });
});

describe('enrol', () => {
  it('prints the link alone on standard output', async () => {
    const { run } = await atGateway({
      'POST /api/people/usr_ann/enrolment': { body: { url: 'http://localhost/enrol#x', expiresAtMs: 0 } },
    });
    const { out, err } = await run('enrol', 'usr_ann');
    expect(out).toBe('http://localhost/enrol#x\n');
    expect(err).toMatch(/For Ann Lee alone, once/);
  });
});
