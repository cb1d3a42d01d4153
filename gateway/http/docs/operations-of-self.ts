import { emptySchema } from '../contract/common.ts';
import {
  accessDetailSchema,
  accessSchema,
  addPasskeySchema,
  closedSchema,
  languageBodySchema,
  meSchema,
  myLogSchema,
  myOverviewSchema,
  mySessionsSchema,
  passkeySchema,
  passkeysSchema,
  registrationOptionsSchema,
  removePasskeySchema,
  removedSchema,
  renamePasskeySchema,
} from '../contract/me.ts';
import { computersSchema, removeComputerSchema } from '../contract/me-computers.ts';
import { approvalOutcomeSchema, pendingApprovalsSchema } from '../contract/oidc-admin.ts';
import { assertionOptionsSchema, ceremonyResponseSchema } from '../contract/sign-in.ts';
import type { Operations } from './operation.ts';

export const operationsOfSelf: Operations = {
  tag: 'My own pages',
  base: '/api',
  operations: [
    [
      'post /approvals/options',
      'Begin to show who asks for the requests of apps',
      { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema },
    ],
    [
      'post /approvals',
      'Requests of apps over the back channel that wait for the person of this passkey',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: pendingApprovalsSchema },
    ],
    ['post /approvals/:id/options', 'Begin to answer one of them', { body: 'json', caller: 'nobody', answer: assertionOptionsSchema }],
    [
      'post /approvals/:id/approve',
      'Let the app sign in',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: approvalOutcomeSchema },
    ],
    ['post /approvals/:id/refuse', 'Refuse the app', { caller: 'nobody', body: ceremonyResponseSchema, answer: approvalOutcomeSchema }],
    ['get /me/access', 'Doors and apps that are open to me', { caller: 'person', query: ['kind', 'after', 'limit'], answer: accessSchema }],
    ['get /me/access/:kind/:id', 'Why something is open to me, or not', { caller: 'person', answer: accessDetailSchema }],
    ['get /me/log', 'My own recent log', { caller: 'person', query: ['before', 'limit'], answer: myLogSchema }],
    ['get /me/overview', 'My log in short', { caller: 'person', answer: myOverviewSchema }],
    ['get /me/passkeys', 'My passkeys', { caller: 'person', answer: passkeysSchema }],
    ['post /me/passkeys/options', 'Begin to add a passkey', { caller: 'person', body: emptySchema, answer: registrationOptionsSchema }],
    ['post /me/passkeys', 'Add a passkey', { caller: 'person', body: addPasskeySchema, answer: passkeySchema }],
    ['patch /me/passkeys/:id', 'Name a passkey', { caller: 'person', body: renamePasskeySchema, answer: passkeySchema }],
    [
      'post /me/passkeys/:id/remove',
      'Remove a passkey; never the last way in',
      { caller: 'person', body: removePasskeySchema, answer: removedSchema },
    ],
    ['get /me/computers', 'My computers, and how they are kept', { caller: 'person', answer: computersSchema }],
    [
      'post /me/computers/:id/remove',
      'Remove a computer; what was signed in with it ends',
      { caller: 'person', body: removeComputerSchema, answer: removedSchema },
    ],
    ['get /me/sessions', 'My sessions', { caller: 'person', answer: mySessionsSchema }],
    ['post /me/sessions/close-others', 'End all of my sessions but this', { caller: 'person', body: emptySchema, answer: closedSchema }],
    ['post /me/sessions/:id/close', 'End one of my sessions', { caller: 'person', body: emptySchema, answer: closedSchema }],
    ['get /me', 'Who I am here', { caller: 'nobody', answer: meSchema }],
    [
      'post /me/session/options',
      'Begin to sign in to my own pages',
      { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema },
    ],
    ['post /me/session', 'Sign in to my own pages', { caller: 'nobody', body: ceremonyResponseSchema, answer: meSchema }],
    ['delete /me/session', 'Sign out of my own pages', { caller: 'person', answer: emptySchema }],
    [
      'post /me/confirm/options',
      'Begin to show the passkey again',
      { caller: 'person', body: emptySchema, answer: assertionOptionsSchema },
    ],
    [
      'post /me/confirm',
      'Show the passkey again, before something that wants it fresh',
      { caller: 'person', body: ceremonyResponseSchema, answer: meSchema },
    ],
    ['put /me/language', 'Choose my language', { caller: 'person', body: languageBodySchema, answer: languageBodySchema }],
  ],
};
