import { describe, expect, it } from 'vitest';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import { REASON, startPolicyApi } from '#test/support/policy/api.ts';
import { draftContent } from '#test/support/policy/life-site.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

/* Who may use which address of the policy, and what bodies each refuses. */
const HASH = 'a'.repeat(64);
const draft = { content: draftContent('# a draft') };
const reason = { reason: REASON };
const of = (step: string): string => `/revisions/rev_1${step}`;

const READS = ['/revisions', of(''), '/diff?from=rev_1&to=rev_2', '/shadow', '/impact/imp_1', '/decisions/dec_known'];
/** What the policy is asked about, so that a refusal is a recorded decision. */
const DECIDED: readonly (readonly [path: string, body: unknown])[] = [
  ['/drafts', draft],
  [of('/check'), {}],
  [of('/test'), {}],
  [of('/impact'), {}],
  [of('/approve'), { ...reason, revision: HASH }],
  ...['/sign', '/emergency', '/activate', '/shadow', '/shadow/end'].map((step) => [of(step), reason] as const),
  ['/rollback', { ...reason, revisionId: 'rev_1' }],
  ['/keys/rotate', reason],
];
const UNDECIDED: readonly (readonly [path: string, body: unknown])[] = [
  ['/format', { path: 'a.rego', text: 'package a' }],
  ['/impact/imp_1/cancel', {}],
];
const WRITES = [...DECIDED, ...UNDECIDED];

/** The revision of the tables is one that there is. */
async function start() {
  const api = await startPolicyApi();
  const id = await api.tested();
  const at = (path: string): string => path.replace('rev_1', id).replace('rev_2', id);
  const body = (sent: unknown): unknown => JSON.parse(JSON.stringify(sent).replace('rev_1', id));
  return { ...api, id, at, body };
}

describe('the policy over HTTP', () => {
  it('is shown to nobody who is not signed in, and changed by nobody', async () => {
    const { gateway, at, body } = await start();
    const stranger = new TestBrowser();
    const call = (path: string, sent?: unknown) => stranger.call(`${gateway.publicUrl}/api/policy${at(path)}`, sent);
    for (const path of READS) expect([path, (await call(path)).status]).toEqual([path, 401]);
    for (const [path, sent] of WRITES) expect([path, (await call(path, body(sent))).status]).toEqual([path, 401]);
  });

  it('is shown to nobody without a role that reads', async () => {
    const { signIn, at } = await start();
    const employee = await signIn('eve', 'employee');
    for (const path of READS) {
      expect(await employee.call(at(path))).toMatchObject({ status: 403, body: { error: { code: 'request.forbidden' } } });
    }
  });

  it('is shown to a guard, who changes nothing: each attempt is a recorded decision', async () => {
    const { signIn, at, body, id, revision, gateway } = await start();
    const guard = await signIn('gus', 'guard');
    expect(await guard.call(at(of('')))).toMatchObject({ status: 200, body: { revision: { id } } });
    for (const [path, sent] of DECIDED) {
      const { status, body: answer } = await guard.call(at(path), body(sent));
      expect([path, status, answer.error.code]).toEqual([path, 403, 'operator.not_authorized']);
      expect(gateway.decisions.map(({ decision }) => decision.id)).toContain(answer.error.decisionId);
    }
    for (const [path, sent] of UNDECIDED) expect([path, (await guard.call(at(path), body(sent))).status]).toEqual([path, 403]);
    expect(await revision(id)).toMatchObject({ state: 'tested', signature: null });
  });

  it('knows no revision, replay or decision of another name', async () => {
    const { ada } = await start();
    const unknown = (path: string): string => path.replaceAll(/(rev|imp)_\d|dec_known/g, 'rev_nobody');
    for (const path of READS.filter((each) => unknown(each) !== each)) {
      expect([path, await ada.call(unknown(path))]).toMatchObject([path, { status: 404, body: { error: { code: 'resource.unknown' } } }]);
    }
    for (const [path, sent] of [...WRITES, ['/drafts', { content: draftContent('# of a parent'), parentId: 'rev_1' }] as const]) {
      const named: unknown = JSON.parse(unknown(JSON.stringify(sent)));
      if (unknown(path) === path && JSON.stringify(named) === JSON.stringify(sent)) continue;
      expect([path, await ada.call(unknown(path), named)]).toMatchObject([
        path,
        { status: 404, body: { error: { code: 'resource.unknown' } } },
      ]);
    }
  });

  it.each<[path: string, field: string, body: unknown]>([
    ['/drafts', 'content', {}],
    ['/drafts', 'content.files', { content: { files: [], tests: [] } }],
    ['/drafts', 'content.files.0.path', { content: { files: [{ path: '../a.rego', text: '' }], tests: [] } }],
    ['/drafts', 'content.files.0.text', { content: { files: [{ path: 'a.rego', text: 1 }], tests: [] } }],
    ['/drafts', 'note', { ...draft, note: 'x'.repeat(501) }],
    ['/drafts', 'author', { ...draft, author: 'usr_ben' }],
    ['/format', 'body', { path: 'a.json', text: '' }],
    ['/format', 'text', { path: 'a.rego' }],
    [of('/check'), 'force', { force: true }],
    [of('/test'), 'force', { force: true }],
    [of('/impact'), 'data', { data: 'tomorrow' }],
    [of('/impact'), 'window', { window: { fromMs: 2, toMs: 2 } }],
    [of('/impact'), 'window.fromMs', { window: { fromMs: -1, toMs: 2 } }],
    ['/impact/imp_1/cancel', 'now', { now: true }],
    [of('/approve'), 'revision', reason],
    [of('/approve'), 'revision', { ...reason, revision: 'abc' }],
    [of('/approve'), 'reason', { revision: HASH }],
    [of('/sign'), 'reason', {}],
    [of('/sign'), 'reason', { reason: 'no' }],
    [of('/emergency'), 'reason', {}],
    [of('/emergency'), 'despiteTests', { ...reason, despiteTests: 'yes' }],
    [of('/emergency'), 'despiteChecks', { ...reason, despiteChecks: true }],
    [of('/activate'), 'reason', { reason: ' x ' }],
    [of('/shadow'), 'reason', { reason: 'x'.repeat(501) }],
    [of('/shadow/end'), 'reason', {}],
    ['/rollback', 'reason', { revisionId: 'rev_1' }],
    ['/rollback', 'revisionId', { ...reason, revisionId: '' }],
    ['/keys/rotate', 'reason', {}],
  ])('refuses a body at %s by the name of its field %s', async (path, field, sent) => {
    const { ada, at, body } = await start();
    expect(await ada.call<ErrorBody>(at(path), body(sent))).toMatchObject({
      status: 400,
      body: { error: { code: 'request.invalid', field } },
    });
  });

  it.each([
    ['/revisions?limit=0', 'limit'],
    ['/revisions?limit=201', 'limit'],
    ['/revisions?before=', 'before'],
    ['/revisions?after=x', 'after'],
    ['/diff?from=rev_1', 'to'],
    ['/diff?from=rev_1&to=rev_2&files=a', 'files'],
  ])('refuses %s by the name of its field', async (path, field) => {
    const { ada, at } = await start();
    expect(await ada.call(at(path))).toMatchObject({ status: 400, body: { error: { code: 'request.invalid', field } } });
  });
});
