import {
  decisionDetailSchema,
  directorySchema,
  doorsSchema,
  enrolmentLinkSchema,
  logPageSchema,
  peopleSchema,
  personDetailSchema,
  reinstateResultSchema,
  releaseResultSchema,
  statusSchema,
  suspendResultSchema,
  unrestrictResultSchema,
} from '../contract/admin.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import { recoveryBadgesSchema, recoveryBodySchema, recoveryOfferSchema } from '../contract/recovery.ts';
import { whoCanSchema } from '../contract/who-can.ts';
import { importBodySchema, importReportSchema } from '../contract/people-import.ts';
import type { Operations } from './operation.ts';

export const operationsOfPeople: Operations = {
  tag: 'People and doors',
  base: '/api',
  operations: [
    ['get /doors', 'Doors and their states', { answer: doorsSchema }],
    ['post /doors/:id/release', 'Release a door once', { body: reasonBodySchema, answer: releaseResultSchema }],
    ['get /events', 'The log as it is written (Server-Sent Events, resumed by Last-Event-ID)', { answer: 'events' }],
    ['get /log', 'The log, a page at a time', { query: ['before', 'limit', 'types', 'person', 'resource'], answer: logPageSchema }],
    ['get /decisions/:id', 'One decision with its facts and reasons', { answer: decisionDetailSchema }],
    ['get /directory', 'Names of people, doors, areas, apps and readers', { answer: directorySchema }],
    ['get /status', 'Policy, epoch and log in force', { answer: statusSchema }],
    ['get /people', 'People, a page at a time', { query: ['after', 'limit'], answer: peopleSchema }],
    ['get /people/:id', 'One person with credentials, access and sessions', { answer: personDetailSchema }],
    [
      'post /people/import',
      'A table of people: a dry run told row by row, or the change itself',
      { body: importBodySchema, answer: importReportSchema },
    ],
    [
      'post /people/:id/suspend',
      'Suspend a person: doors, sessions, tokens and VPN at once',
      { body: reasonBodySchema, answer: suspendResultSchema },
    ],
    [
      'post /people/:id/reinstate',
      'Ask for or confirm a reinstatement (two people)',
      { body: reasonBodySchema, answer: reinstateResultSchema },
    ],
    ['post /people/:id/unrestrict', 'Lift a restriction', { body: reasonBodySchema, answer: unrestrictResultSchema }],
    ['post /people/:id/enrolment', 'Make a one-time link to enrol a passkey', { body: emptySchema, answer: enrolmentLinkSchema }],
    ['get /recovery/badges', 'Badges held lately at staffed readers', { answer: recoveryBadgesSchema }],
    [
      'post /people/:id/recovery',
      'Let a person recover with a badge that was seen',
      { body: recoveryBodySchema, answer: recoveryOfferSchema },
    ],
    ['get /doors/:id/who-can', 'Who may pass a door now', { answer: whoCanSchema }],
    ['get /apps/:id/who-can', 'Who may use an app now', { answer: whoCanSchema }],
  ],
};
