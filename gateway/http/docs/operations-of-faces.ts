import { AUTHZEN_PATHS } from '../authzen/metadata.ts';
import { liveSchema, readySchema } from '../routes/health.ts';
import type { Operations } from './operation.ts';

export const operationsOfHealth: Operations = {
  tag: 'Health',
  base: '',
  operations: [
    ['get /livez', 'Whether the process lives', { caller: 'nobody', answer: liveSchema }],
    ['get /readyz', 'Whether it can do its work; names the part that cannot', { caller: 'nobody', answer: readySchema }],
    ['get /openapi.json', 'This document', { caller: 'nobody', answer: 'json' }],
    ['get /docs', 'This document for people', { caller: 'nobody', answer: 'page' }],
  ],
};

/** The questions themselves are described beside their schemas. */
export const operationsOfDecisions: Operations = {
  tag: 'Decisions (AuthZEN 1.0)',
  base: '',
  operations: [
    [`get ${AUTHZEN_PATHS.metadata}`, 'Where to ask, and what this decision point can do', { caller: 'nobody', answer: 'json' }],
    [`get ${AUTHZEN_PATHS.openapi}`, 'The questions alone, for clients of this face', { caller: 'nobody', answer: 'json' }],
  ],
};

export const operationsOfUpstream: Operations = {
  tag: 'Identity provider outside',
  base: '/upstream/:id',
  operations: [
    ['get /callback', 'A person comes back from it', { caller: 'nobody', answer: 'redirect' }],
    [
      'post /backchannel-logout',
      'It says that a session has ended (OpenID Connect Back-Channel Logout 1.0)',
      {
        caller: 'nobody',
        description: 'The logout token of the form is signed by it.',
        body: 'form',
        answer: 'nothing',
      },
    ],
    ['get /jwks.json', 'Keys with which the gateway signs at it', { caller: 'nobody', answer: 'json' }],
  ],
};
