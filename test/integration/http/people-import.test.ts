import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import {
  IMPORT_ROWS_MAX,
  IMPORT_TABLE_CHARS_MAX,
  IMPORT_TOLD_ROWS_MAX,
  type ImportBody,
  type ImportReport,
} from '#gateway/http/contract/people-import.ts';
import { startWithOperator } from '#test/support/console/gateway.ts';
import type { HttpGateway } from '#test/support/http-gateway.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

const send = (gateway: HttpGateway, { browser }: Pick<Enrolled, 'browser'>, body: Partial<ImportBody>) =>
  browser.call<ImportReport & ErrorBody>(`${gateway.publicUrl}/api/people/import`, {
    table: 'id,name\n',
    dryRun: true,
    reason: 'HR export',
    ...body,
  });

describe('a table of people at the console', () => {
  it('is told row by row, then taken, and the log says who did it', async () => {
    const { admin, gateway } = await startWithOperator();
    const table = 'id,name,groups\nusr_new,New,sales\nperson_ada,Person ada,engineering;night-shift\n';
    const dry = await send(gateway, admin, { table });
    expect([dry.status, dry.body]).toMatchObject([
      200,
      {
        ok: true,
        applied: false,
        counts: { added: 1, unchanged: 1 },
        rows: [{ line: 2, id: 'usr_new', outcome: 'added', changes: expect.arrayContaining(['+group:sales']) as string[] }],
      },
    ]);
    expect(await gateway.people.find('usr_new' as never)).toBeNull();
    expect((await send(gateway, admin, { table, dryRun: false })).body).toMatchObject({ ok: true, applied: true });
    expect(await gateway.people.find('usr_new' as never)).toMatchObject({ displayName: 'New', groups: ['sales'], standing: 'active' });
    const changes = (await gateway.records()).filter((record) => record.type === 'directory_change' && record.subjectId === 'usr_new');
    expect(changes).toMatchObject([{ change: 'added', operatorId: admin.personId }]);
    expect(gateway.decisions.map(({ action }) => action).filter((action) => action === 'person.import')).toHaveLength(2);
  });

  it('suspends like any other suspension: sessions end, and the log has operator, reason and receipt', async () => {
    const { admin, gateway } = await startWithOperator();
    const eve = await enrolPerson(gateway, 'eve', { roles: ['auditor'] });
    await signInToConsole(gateway, eve);
    expect((await eve.browser.call(`${gateway.publicUrl}/api/people`)).status).toBe(200);
    const taken = await send(gateway, admin, { table: 'id,name,active\nperson_eve,Person eve,no\n', dryRun: false, reason: 'has left' });
    expect(taken.body).toMatchObject({ ok: true, applied: true, counts: { closed: 1 } });
    expect((await eve.browser.call(`${gateway.publicUrl}/api/people`)).status).toBe(401);
    const records = await gateway.records();
    const [standing] = records.filter(({ type }) => type === 'standing');
    expect(standing).toMatchObject({
      personId: personId('eve'),
      to: 'suspended',
      operators: [admin.personId],
      reason: 'A table of people: has left',
    });
    expect(records.filter(({ type }) => type === 'revocation_receipt')).toMatchObject([{ personId: personId('eve'), state: 'contained' }]);
  });

  it('stops before it closes more than it may', async () => {
    const { admin, gateway } = await startWithOperator();
    for (const name of ['a', 'b', 'c']) await gateway.people.save(somePerson(name));
    const table = 'id,name\nperson_ada,Person ada\n';
    const stopped = await send(gateway, admin, { table, complete: true, dryRun: false });
    expect(stopped.body).toMatchObject({ ok: false, applied: false, closing: { people: 3, inForce: 4, allowed: 1, isAllowed: false } });
    expect(await gateway.people.find(personId('a'))).toMatchObject({ standing: 'active' });
    expect((await send(gateway, admin, { table, complete: true, dryRun: false, close: 3 })).body).toMatchObject({ applied: true });
    expect(await gateway.people.find(personId('a'))).toMatchObject({ standing: 'suspended' });
  });

  it('is refused to whoever is not signed in, to whom the policy refuses it, and from another site', async () => {
    const { admin, gateway } = await startWithOperator({
      judgeOperator: ({ action }) => (action === 'person.import' ? 'operator.not_authorized' : 'permit'),
    });
    expect((await send(gateway, { browser: new TestBrowser() }, {})).status).toBe(401);
    const denied = await send(gateway, admin, { table: 'id,name\nusr_new,New\n', dryRun: false });
    expect([denied.status, denied.body.error.code]).toEqual([403, 'operator.not_authorized']);
    const foreign = await admin.browser.request(`${gateway.publicUrl}/api/people/import`, {
      method: 'POST',
      headers: { origin: 'https://evil.test', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(foreign.status).toBe(403);
    expect(await gateway.people.find('usr_new' as never)).toBeNull();
  });

  it('has limits', async () => {
    const { admin, gateway } = await startWithOperator();
    const rows = (count: number) => `id,name\n${Array.from({ length: count }, (_, i) => `u${String(i)},N\n`).join('')}`;
    const most = await send(gateway, admin, { table: rows(IMPORT_ROWS_MAX) });
    expect(most.body).toMatchObject({ ok: true, counts: { added: IMPORT_ROWS_MAX }, more: IMPORT_ROWS_MAX - IMPORT_TOLD_ROWS_MAX });
    expect(most.body.rows).toHaveLength(IMPORT_TOLD_ROWS_MAX);
    expect((await send(gateway, admin, { table: rows(IMPORT_ROWS_MAX + 1) })).body.error).toMatchObject({ field: 'table' });
    const long = `id,name\nu1,${'n'.repeat(IMPORT_TABLE_CHARS_MAX)}`;
    expect((await send(gateway, admin, { table: long.slice(0, IMPORT_TABLE_CHARS_MAX) })).body).toMatchObject({
      ok: false,
      counts: { refused: 1 },
    });
    expect((await send(gateway, admin, { table: long })).body.error).toMatchObject({ field: 'table' });
  });

  it.each([
    ['no table', 'person,name\nx,X\n'],
    ['quotes that do not match', 'id,name\n"x,X\n'],
  ])('names what is wrong with %s', async (_what, table) => {
    const { admin, gateway } = await startWithOperator();
    const { body, status } = await send(gateway, admin, { table });
    expect([status, body.error]).toMatchObject([400, { code: 'request.invalid', field: 'table' }]);
  });
});
