import { reasonBodySchema } from '../contract/admin.ts';
import { emptySchema } from '../contract/common.ts';
import {
  approveBodySchema,
  checkResultSchema,
  draftBodySchema,
  emergencyBodySchema,
  explanationResultSchema,
  formatBodySchema,
  formatResultSchema,
  impactBodySchema,
  impactJobSchema,
  keyRotatedSchema,
  policyDiffSchema,
  revisionDetailSchema,
  revisionResultSchema,
  revisionsSchema,
  rollbackBodySchema,
  shadowSchema,
  testResultSchema,
} from '../contract/policy.ts';
import type { Operations } from './operation.ts';

export const operationsOfPolicy: Operations = {
  tag: 'Policy',
  base: '/api',
  operations: [
    ['get /policy/revisions', 'Revisions of the policy', { query: ['before', 'limit'], answer: revisionsSchema }],
    ['get /policy/revisions/:id', 'One revision with its content', { answer: revisionDetailSchema }],
    ['get /policy/diff', 'What differs between two revisions', { query: ['from', 'to'], answer: policyDiffSchema }],
    ['get /policy/shadow', 'How the revision in shadow differs', { answer: shadowSchema }],
    ['get /policy/decisions/:id', 'Why the policy decided so', { answer: explanationResultSchema }],
    ['post /policy/drafts', 'Submit a draft', { body: draftBodySchema, answer: revisionResultSchema }],
    ['post /policy/format', 'Format policy text', { body: formatBodySchema, answer: formatResultSchema }],
    ['post /policy/revisions/:id/check', 'Check a revision', { body: emptySchema, answer: checkResultSchema }],
    ['post /policy/revisions/:id/test', 'Run the tests of a revision', { body: emptySchema, answer: testResultSchema }],
    [
      'post /policy/revisions/:id/impact',
      'Begin to replay past decisions with a revision',
      { body: impactBodySchema, answer: impactJobSchema },
    ],
    ['get /policy/impact/:id', 'How far a replay is', { answer: impactJobSchema }],
    ['post /policy/impact/:id/cancel', 'Give a replay up', { body: emptySchema, answer: impactJobSchema }],
    [
      'post /policy/revisions/:id/approve',
      'Approve a revision (a second person)',
      { body: approveBodySchema, answer: revisionResultSchema },
    ],
    [
      'post /policy/revisions/:id/emergency',
      'Put a revision in force in an emergency',
      { body: emergencyBodySchema, answer: revisionResultSchema },
    ],
    ['post /policy/rollback', 'Go back to an earlier revision', { body: rollbackBodySchema, answer: revisionResultSchema }],
    ['post /policy/keys/rotate', 'Change the key that signs policies', { body: reasonBodySchema, answer: keyRotatedSchema }],
    ['post /policy/revisions/:id/sign', 'Sign an approved revision', { body: reasonBodySchema, answer: revisionResultSchema }],
    ['post /policy/revisions/:id/activate', 'Put a signed revision in force', { body: reasonBodySchema, answer: revisionResultSchema }],
    ['post /policy/revisions/:id/shadow', 'Let a revision decide in the shadow', { body: reasonBodySchema, answer: revisionResultSchema }],
    ['post /policy/revisions/:id/shadow/end', 'End the shadow', { body: reasonBodySchema, answer: revisionResultSchema }],
  ],
};
