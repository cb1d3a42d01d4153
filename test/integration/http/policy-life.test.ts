import { describe, expect, it } from 'vitest';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import {
  DRAFT_BODY_BYTES_MAX,
  IMPACT_WINDOW_DEFAULT_MS,
  type ImpactJobView,
  type PolicyDiffView,
  type RevisionResult,
  type RevisionsView,
} from '#gateway/http/contract/policy.ts';
import { explained, REASON, startPolicyApi } from '#test/support/policy/api.ts';
import { BROKEN, draftContent, FAILING } from '#test/support/policy/life-site.ts';

const reason = { reason: REASON };

describe('drafts over HTTP', () => {
  it('are kept with their author, found in the list and by their name, and not kept twice', async () => {
    const { ada, propose } = await startPolicyApi();
    const content = draftContent('# another');
    const { status, body } = await ada.call<RevisionResult>('/drafts', { content, note: ' Doors at night ' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { revision: { state: 'draft', authorId: ada.personId, note: 'Doors at night', revision: null } },
    });
    const { id } = body.revision;
    expect(await propose(content)).toBe(id);
    const list = (await ada.call<RevisionsView>('/revisions')).body;
    expect(list.revisions.map((each) => each.id)).toEqual([id, list.activations[0]?.revisionId]);
    expect(list).toMatchObject({ next: null, wayBackId: null });
    expect(await ada.call(`/revisions/${id}`)).toMatchObject({ status: 200, body: { content, check: null, test: null, impact: null } });
  });

  it('are listed in pages', async () => {
    const { ada, propose } = await startPolicyApi();
    const id = await propose();
    const first = (await ada.call<RevisionsView>('/revisions?limit=1')).body;
    expect(first).toMatchObject({ revisions: [{ id }], next: id });
    const second = (await ada.call<RevisionsView>(`/revisions?limit=1&before=${id}`)).body;
    expect(second.revisions).toMatchObject([{ authorId: 'gatehouse' }]);
  });

  it('may be as large as a policy, and not larger', async () => {
    const { ada } = await startPolicyApi();
    const text = `# ${'x'.repeat(500_000)}`;
    const files = (count: number) => Array.from({ length: count }, (_, index) => ({ path: `f${String(index)}.rego`, text }));
    expect(await ada.call('/drafts', { content: { files: files(6), tests: [] } })).toMatchObject({ status: 201 });
    const tooMany = { content: { files: files(7), tests: [] } };
    expect(await ada.call('/drafts', tooMany)).toMatchObject({ status: 400, body: { error: { field: 'content.files' } } });
    const tooLong = { content: { files: files(Math.ceil(DRAFT_BODY_BYTES_MAX / text.length)), tests: [] } };
    expect(await ada.call('/drafts', tooLong)).toMatchObject({ status: 413, body: { error: { code: 'request.too_large' } } });
  });

  it('are checked, with what was found and its place', async () => {
    const { ada, propose } = await startPolicyApi();
    const good = await propose();
    expect(await ada.call(`/revisions/${good}/check`, {})).toMatchObject({
      status: 200,
      body: { revision: { state: 'checked' }, report: { revision: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    });
    const bad = await propose(draftContent(BROKEN));
    expect(await ada.call(`/revisions/${bad}/check`, {})).toMatchObject({
      status: 200,
      body: {
        revision: { state: 'draft' },
        report: { revision: null, findings: [{ file: 'access/decision.rego', row: 2, severity: 'error' }] },
      },
    });
  });

  it('are tested after they were checked, with what failed and its place', async () => {
    const { ada, propose, tested } = await startPolicyApi();
    const unchecked = await propose(draftContent('# unchecked'));
    expect(await ada.call(`/revisions/${unchecked}/test`, {})).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'request.conflict',
          message: `${unchecked} is a draft that has not been checked. Next: gatehouse policy check ${unchecked}`,
        },
      },
    });
    const failing = await tested(draftContent('# failing', FAILING));
    expect(await ada.call(`/revisions/${failing}/test`, {})).toMatchObject({
      status: 200,
      body: { revision: { state: 'checked' }, report: { failed: 1, failures: [{ file: 'tests/decision_test.rego', row: 3 }] } },
    });
  });

  it('are laid out, or their fault is named, and nothing is kept', async () => {
    const { ada } = await startPolicyApi();
    expect(await ada.call('/format', { path: 'a.rego', text: ' package a ' })).toMatchObject({ body: { ok: true, text: 'package a' } });
    const { status, body } = await ada.call('/format', { path: 'a.rego', text: BROKEN });
    expect({ status, body }).toMatchObject({ status: 200, body: { ok: false, findings: [{ file: 'a.rego', row: 2 }] } });
    expect((await ada.call<RevisionsView>('/revisions')).body.revisions).toHaveLength(1);
  });

  it('are compared line by line', async () => {
    const { ada, propose } = await startPolicyApi();
    const [from, to] = [await propose(draftContent('# one')), await propose(draftContent('# two'))];
    const { body } = await ada.call<PolicyDiffView>(`/diff?from=${from}&to=${to}`);
    expect(body.files).toMatchObject([{ path: 'access/decision.rego', change: 'changed' }]);
    const changed = body.files[0]?.lines.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => `${kind} ${text}`);
    expect(changed?.sort()).toEqual(['added # two', 'removed # one']);
    expect((await ada.call<PolicyDiffView>(`/diff?from=${from}&to=${from}`)).body).toEqual({ files: [] });
  });
});

describe('impact over HTTP', () => {
  it('runs by itself over the last seven days, can be watched and cancelled, and tells how it ended', async () => {
    const { ada, tested, site, jobOf, revision } = await startPolicyApi();
    const id = await tested();
    site.replays.hold();
    const started = await ada.call<ImpactJobView>(`/revisions/${id}/impact`, {});
    expect(started).toMatchObject({ status: 202, body: { revisionId: id, state: 'running', report: null } });
    await expect.poll(() => jobOf(started.body.id)).toMatchObject({ progress: { decisions: 5, share01: 0.5 } });
    await ada.call(`/impact/${started.body.id}/cancel`, {});
    await expect.poll(() => jobOf(started.body.id)).toMatchObject({ state: 'cancelled' });
    expect((await revision(id)).state).toBe('tested');

    site.replays.hold();
    const again = await ada.call<ImpactJobView>(`/revisions/${id}/impact`, {});
    site.replays.release();
    await expect.poll(() => jobOf(again.body.id)).toMatchObject({ state: 'done', report: { data: 'then' } });
    const { report } = await jobOf(again.body.id);
    expect((report?.window.toMs ?? 0) - (report?.window.fromMs ?? 0)).toBe(IMPACT_WINDOW_DEFAULT_MS);
    expect((await revision(id)).state).toBe('impact_known');
    expect(await ada.call(`/impact/${again.body.id}/cancel`, {})).toMatchObject({ status: 200, body: { state: 'done' } });
  });

  it('is not asked of what was not checked', async () => {
    const { ada, propose } = await startPolicyApi();
    const id = await propose();
    expect(await ada.call(`/revisions/${id}/impact`, {})).toMatchObject({ status: 409, body: { error: { code: 'request.conflict' } } });
  });
});

describe('publication over HTTP', () => {
  it('takes approval by a second person, a signature, a shadow run and its end, and comes into force', async () => {
    const { ada, signIn, withImpact, revision, site } = await startPolicyApi();
    const ben = await signIn('ben', 'security_admin');
    const id = await withImpact();
    const { revision: hash } = await revision(id);
    const approve = { ...reason, revision: hash };
    expect(await ada.call(`/revisions/${id}/approve`, approve)).toMatchObject({ status: 409 });
    expect(await ben.call(`/revisions/${id}/approve`, { ...approve, revision: 'f'.repeat(64) })).toMatchObject({ status: 409 });
    const steps = [
      ['approve', approve, { state: 'approved', approval: { operatorId: ben.personId } }],
      ['sign', reason, { state: 'signed', emergency: null }],
      ['shadow', reason, { state: 'shadow' }],
      ['shadow/end', reason, { state: 'signed' }],
      ['activate', reason, { state: 'active' }],
    ] as const;
    for (const [step, body, expected] of steps) {
      expect([step, await ben.call(`/revisions/${id}/${step}`, body)]).toMatchObject([step, { status: 200, body: { revision: expected } }]);
      if (step === 'shadow') {
        expect(await ada.call('/shadow')).toMatchObject({ status: 200, body: { revisionId: id, points: { doors: { compared: 3 } } } });
      }
    }
    expect([site.doors.inForce, site.main.inForce]).toEqual([id, id]);
    expect((await ada.call('/shadow')).body).toMatchObject({ revisionId: null });
  });

  it.each([
    ['sign', 'checked; its tests have not passed. Next: gatehouse policy test'],
    ['activate', 'checked; its tests have not passed. Next: gatehouse policy test'],
    ['shadow', 'checked; its tests have not passed. Next: gatehouse policy test'],
    ['shadow/end', 'checked; its tests have not passed. Next: gatehouse policy test'],
    ['emergency', 'Tests of the revision have not run'],
  ])('by %s says of what is only checked what it is, and what comes next', async (step, message) => {
    const { ada, propose, revision } = await startPolicyApi();
    const id = await propose();
    await ada.call(`/revisions/${id}/check`, {});
    const { status, body } = await ada.call(`/revisions/${id}/${step}`, reason);
    expect(status).toBe(409);
    expect(body.error.message).toContain(message);
    expect(await revision(id)).toMatchObject({ state: 'checked', signature: null });
  });

  it('in an emergency goes past failed tests only where the request says so', async () => {
    const { ada, tested } = await startPolicyApi();
    const id = await tested(draftContent('# urgent', FAILING));
    const refused = await ada.call(`/revisions/${id}/emergency`, reason);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'request.conflict' } } });
    expect(refused.body.error.message).toContain('--despite-tests');
    expect(await ada.call(`/revisions/${id}/emergency`, { ...reason, despiteTests: true })).toMatchObject({
      status: 200,
      body: { revision: { state: 'signed', emergency: { operatorId: ada.personId, reason: REASON, despiteTests: true } } },
    });
  });

  it('goes back to what the list names, and refuses where there is nothing, or what is named is in force', async () => {
    const { ada, published } = await startPolicyApi();
    const good = await published(draftContent('# good'));
    const bad = await published(draftContent('# bad'));
    expect(await ada.call('/rollback', { ...reason, revisionId: bad })).toMatchObject({
      status: 409,
      body: { error: { message: `${bad} is in force already.` } },
    });
    for (const expected of [good, 'rev_shipped']) {
      const { wayBackId } = (await ada.call<RevisionsView>('/revisions')).body;
      expect(wayBackId).toContain(expected);
      expect(await ada.call('/rollback', reason)).toMatchObject({ status: 200, body: { revision: { id: wayBackId, state: 'active' } } });
    }
    expect((await ada.call<RevisionsView>('/revisions')).body.wayBackId).toBeNull();
    expect(await ada.call('/rollback', reason)).toMatchObject({ status: 409, body: { error: { code: 'request.conflict' } } });
    expect(await ada.call('/rollback', { ...reason, revisionId: bad })).toMatchObject({ status: 200, body: { revision: { id: bad } } });
  });

  it('changes the key that signs, and what the old one signed still comes into force', async () => {
    const { ada, tested, published } = await startPolicyApi();
    const id = await tested(draftContent('# signed before'));
    const { body } = await ada.call<RevisionResult>(`/revisions/${id}/emergency`, reason);
    const { status, body: rotated } = await ada.call<{ keyId: string }>('/keys/rotate', reason);
    expect(status).toBe(200);
    expect(rotated.keyId).not.toBe(body.revision.signature?.keyId);
    expect(await ada.call(`/revisions/${id}/activate`, reason)).toMatchObject({ status: 200 });
    const later = await published(draftContent('# signed after'));
    expect(await ada.call(`/revisions/${later}`)).toMatchObject({ body: { revision: { signature: { keyId: rotated.keyId } } } });
  });
});

it('explains a decision of the log', async () => {
  const { ada } = await startPolicyApi();
  expect((await ada.call<Explanation>('/decisions/dec_known')).body).toEqual(explained);
});
