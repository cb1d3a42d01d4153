import { onTestFinished } from 'vitest';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import type { RevisionContent } from '#gateway/domain/policy/revision.ts';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import type { ImpactJobView, RevisionDetailView, RevisionResult } from '#gateway/http/contract/policy.ts';
import { startHttpGateway } from '../http-gateway.ts';
import { createPolicyLifeSite, draftContent, type PolicyLifeSite } from './life-site.ts';
import { enrolPerson, signInToConsole } from '../oidc/sign-in.ts';

export const REASON = 'because of the test';

/** The decision that the log of this gateway holds. */
export const explained: Explanation = {
  decisionId: 'dec_known',
  occurredAtMs: 1,
  action: 'door.unlock',
  personId: 'usr_ann',
  resourceId: 'main',
  policyRevision: 'a'.repeat(64),
  dataRevision: 'b'.repeat(64),
  engineVersion: 'test',
  recorded: { effect: 'deny', codes: ['grant.missing'], obligations: [] },
  rerun: 'same',
  missing: [],
  again: null,
  enginesAgree: true,
  summary: 'There is no grant.',
  rules: [],
  against: [],
  wouldPermit: [],
  input: null,
  masked: [],
};

/**
 * A gateway with the life of a policy on memory adapters, and people who are signed in to it: two security administrators, a guard who may
 * read and an employee who may not. Who is no administrator is denied by the policy what is asked of it about policies.
 */
export async function startPolicyApi() {
  let site: PolicyLifeSite | undefined;
  const admins = new Set<string>(['local']);
  const gateway = await startHttpGateway({
    clients: [],
    explainDecision: (decisionId) => Promise.resolve(decisionId === explained.decisionId ? explained : null),
    judgeOperator: ({ action, operator }) =>
      action.startsWith('policy.') && !admins.has(operator.id) ? 'operator.not_authorized' : 'permit',
    policyLife: async (deps) => {
      site = await createPolicyLifeSite(deps);
      return site.policyLife;
    },
  });
  onTestFinished(() => gateway.close());
  if (site === undefined) throw new TypeError('the gateway makes the life of its policy');
  const signIn = async (name: string, role: string) => {
    const person = await enrolPerson(gateway, name, { roles: [role] });
    await signInToConsole(gateway, person);
    if (role === 'security_admin') admins.add(person.personId);
    return {
      personId: person.personId,
      call: <Body = ErrorBody>(path: string, body?: unknown) => person.browser.call<Body>(`${gateway.publicUrl}/api/policy${path}`, body),
    };
  };
  const ada = await signIn('ada', 'security_admin');
  const propose = async (content: RevisionContent = draftContent('# a draft')): Promise<string> =>
    (await ada.call<RevisionResult>('/drafts', { content, note: 'A draft' })).body.revision.id;
  const tested = async (content?: RevisionContent): Promise<string> => {
    const id = await propose(content);
    await ada.call(`/revisions/${id}/check`, {});
    await ada.call(`/revisions/${id}/test`, {});
    return id;
  };
  const jobOf = async (id: string) => (await ada.call<ImpactJobView>(`/impact/${id}`)).body;
  return {
    gateway,
    site,
    ada,
    signIn,
    propose,
    tested,
    jobOf,
    revision: async (id: string) => (await ada.call<RevisionDetailView>(`/revisions/${id}`)).body.revision,
    /** Up to the approval, which somebody else gives. */
    withImpact: async (content?: RevisionContent): Promise<string> => {
      const id = await tested(content);
      const { body } = await ada.call<ImpactJobView>(`/revisions/${id}/impact`, {});
      while ((await jobOf(body.id)).state === 'running') await new Promise(setImmediate);
      return id;
    },
    /** Into force without a second person. */
    published: async (content?: RevisionContent): Promise<string> => {
      const id = await tested(content);
      await ada.call(`/revisions/${id}/emergency`, { reason: REASON });
      await ada.call(`/revisions/${id}/activate`, { reason: REASON });
      return id;
    },
  };
}
export type PolicyApi = Awaited<ReturnType<typeof startPolicyApi>>;
