import type { PolicyRevision, RevisionContent } from '#gateway/domain/policy/revision.ts';
import { contentHash } from '#gateway/domain/policy/content-hash.ts';

export const sampleContent: RevisionContent = {
  files: [{ path: 'access/decision.rego', text: 'package p\n' }],
  tests: [{ path: 'tests/decision_test.rego', text: 'package p_test\n' }],
};

export function sampleRevision(change: Partial<PolicyRevision> = {}): PolicyRevision {
  return {
    id: 'rev_1',
    state: 'draft',
    contentHash: contentHash(sampleContent),
    authorId: 'usr_ada',
    createdAtMs: 1,
    parentId: null,
    note: '',
    revision: null,
    approval: null,
    signature: null,
    emergency: null,
    activatedAtMs: null,
    ...change,
  };
}
