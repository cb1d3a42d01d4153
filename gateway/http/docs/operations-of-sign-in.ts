import { cliTokenSchema } from '../contract/admin.ts';
import { emptySchema } from '../contract/common.ts';
import { deskAskedSchema, deskNonceBodySchema, deskOutcomeSchema } from '../contract/desk.ts';
import {
  assertionOptionsSchema,
  ceremonyResponseSchema,
  consoleSessionSchema,
  continueSchema,
  enrolledSchema,
  enrolmentOptionsSchema,
  enrolmentRequestSchema,
  interactionSchema,
  upstreamChoiceSchema,
} from '../contract/sign-in.ts';
import { vpnApprovalSchema, vpnApprovedSchema, vpnCodeSchema, vpnRealmsSchema } from '../contract/vpn.ts';
import type { Operations } from './operation.ts';

export const operationsOfSignIn: Operations = {
  tag: 'Sign-in',
  base: '/api',
  operations: [
    [
      'post /interaction/:uid/desk',
      "Begin to ask the person's own computer",
      { caller: 'nobody', body: emptySchema, answer: deskAskedSchema },
    ],
    [
      'post /interaction/:uid/desk/outcome',
      'What the computer answered',
      { caller: 'nobody', body: deskNonceBodySchema, answer: deskOutcomeSchema },
    ],
    [
      'post /interaction/:uid/alternative/options',
      'Begin to use a key in place of what was asked for',
      { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema },
    ],
    [
      'post /interaction/:uid/alternative/key',
      'Use a key in place of what was asked for',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: continueSchema },
    ],
    [
      'post /interaction/:uid/alternative/badge',
      'Use a badge in place of what was asked for',
      { caller: 'nobody', body: emptySchema, answer: continueSchema },
    ],
    ['get /session', 'Who I am in the console', { caller: 'nobody', answer: consoleSessionSchema }],
    ['post /session/options', 'Begin to sign in to the console', { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema }],
    ['post /session', 'Sign in to the console', { caller: 'nobody', body: ceremonyResponseSchema, answer: consoleSessionSchema }],
    ['delete /session', 'Sign out of the console', { answer: emptySchema }],
    [
      'post /session/cli-token',
      'Make a bearer token for the command line',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: cliTokenSchema },
    ],
    ['get /interaction/:uid', 'What a sign-in waits for', { caller: 'nobody', answer: interactionSchema }],
    [
      'post /interaction/:uid/options',
      'Begin to use a passkey at a sign-in',
      { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema },
    ],
    [
      'post /interaction/:uid/passkey',
      'Use a passkey at a sign-in',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: continueSchema },
    ],
    [
      'post /interaction/:uid/other-passkey',
      'Use a passkey at a sign-in, and end the session of somebody else in this browser',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: continueSchema },
    ],
    [
      'post /interaction/:uid/retry',
      'Ask again, after what was told was done',
      { caller: 'nobody', body: emptySchema, answer: continueSchema },
    ],
    ['post /interaction/:uid/abort', 'Go back to the app', { caller: 'nobody', body: emptySchema, answer: continueSchema }],
    [
      'post /enrolment/options',
      'Begin to enrol a passkey by a link',
      { caller: 'nobody', body: enrolmentRequestSchema, answer: enrolmentOptionsSchema },
    ],
    ['post /enrolment/verify', 'Enrol a passkey by a link', { caller: 'nobody', body: ceremonyResponseSchema, answer: enrolledSchema }],
    [
      'post /interaction/:uid/upstream',
      'Go to an identity provider outside',
      { caller: 'nobody', body: upstreamChoiceSchema, answer: continueSchema },
    ],
    ['get /interaction/:uid/upstream/callback', 'Come back from an identity provider outside', { caller: 'nobody', answer: 'redirect' }],
    ['get /vpn/realms', 'VPN realms', { caller: 'nobody', answer: vpnRealmsSchema }],
    [
      'post /vpn/realms/:realmId/options',
      'Begin to get a code for a VPN client',
      { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema },
    ],
    [
      'post /vpn/realms/:realmId/code',
      'Get a one-time code for a VPN client',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: vpnCodeSchema },
    ],
    ['get /vpn/approvals/:id', 'A VPN connection that waits', { caller: 'nobody', answer: vpnApprovalSchema }],
    ['post /vpn/approvals/:id/options', 'Begin to let it in', { caller: 'nobody', body: emptySchema, answer: assertionOptionsSchema }],
    [
      'post /vpn/approvals/:id',
      'Let a waiting VPN connection in',
      { caller: 'nobody', body: ceremonyResponseSchema, answer: vpnApprovedSchema },
    ],
  ],
};
