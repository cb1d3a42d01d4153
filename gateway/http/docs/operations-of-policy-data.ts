import { emptySchema } from '../contract/common.ts';
import {
  dataChangeBodySchema,
  dataChangedSchema,
  dataDiffSchema,
  dataHistorySchema,
  dataImpactBodySchema,
  dataPreviewBodySchema,
  dataPreviewSchema,
  dataRevertBodySchema,
  grantsPageSchema,
  libraryViewSchema,
  policyDataViewSchema,
  seenSchema,
} from '../contract/policy-data.ts';
import { impactJobSchema } from '../contract/policy.ts';
import type { Operations } from './operation.ts';

export const operationsOfPolicyData: Operations = {
  tag: 'Policy data',
  base: '/api',
  operations: [
    ['get /policy/data', 'Grants and settings that the policy reads', { answer: policyDataViewSchema }],
    ['get /policy/data/grants', 'Grants, a page at a time', { query: ['holder', 'profile'], answer: grantsPageSchema }],
    ['get /policy/data/seen', 'What has been seen lately, to choose from', { query: ['section'], answer: seenSchema }],
    ['get /policy/data/library', 'Ready policies', { answer: libraryViewSchema }],
    ['get /policy/data/history', 'Who changed the data', { query: ['before'], answer: dataHistorySchema }],
    ['get /policy/data/diff', 'What differs between two states of the data', { query: ['from'], answer: dataDiffSchema }],
    ['post /policy/data/revert', 'Go back to an earlier state', { body: dataRevertBodySchema, answer: dataChangedSchema }],
    ['post /policy/data/preview', 'What a change would do, without doing it', { body: dataPreviewBodySchema, answer: dataPreviewSchema }],
    ['post /policy/data/changes', 'Change the data', { body: dataChangeBodySchema, answer: dataChangedSchema }],
    ['post /policy/data/impact', 'Begin to count whom a change would touch', { body: dataImpactBodySchema, answer: impactJobSchema }],
    ['get /policy/data/impact/:id', 'How far such a count is', { answer: impactJobSchema }],
    ['post /policy/data/impact/:id/cancel', 'Give such a count up', { body: emptySchema, answer: impactJobSchema }],
  ],
};
