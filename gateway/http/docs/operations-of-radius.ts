import type { Answers, Operation, Operations } from './operation.ts';

const PERMIT_OR_NOT: Answers = {
  204: { description: 'The person may come in.' },
  401: { description: 'The person may not come in; or the key is not the realm’s.' },
};

const ofServer = (route: string, summary: string, byStatus: Answers): Operation => [
  route,
  summary,
  { caller: 'radius_server', body: 'json', answer: { byStatus } },
];

/** FreeRADIUS rlm_rest; adapters/vpn/freeradius holds the configuration. */
export const operationsOfRadius: Operations = {
  tag: 'VPN and Wi-Fi (RADIUS)',
  base: '/api/vpn/:realmId',
  failures: {
    400: { description: 'The body is no request of rlm_rest.' },
    401: { description: 'The key is not the realm’s.' },
    404: { description: 'There is no such realm.' },
    413: { description: 'The body is too long.' },
    500: { description: 'Something failed inside the gateway; nobody was let in.' },
  },
  operations: [
    ofServer('post /authenticate', '204 lets the person in, 401 does not', PERMIT_OR_NOT),
    ofServer('post /push', 'Ask a person without a code to say yes with a passkey; answers as authenticate', PERMIT_OR_NOT),
    ofServer('post /certificate', 'After the handshake of EAP-TLS: 200 lets the computer in, with what it is told', {
      200: { description: 'The computer may come in; attributes of the reply.', body: 'json' },
      401: {
        description: 'It may not, with the words for it; or, without a body, the key is not the realm’s or there is no certificate.',
        body: 'json',
      },
    }),
    ofServer('post /post-auth', 'What the VPN client is told', {
      200: { description: 'Attributes of the reply.', body: 'json' },
      204: { description: 'Nothing is kept for this packet.' },
    }),
    ofServer('post /accounting', 'Beginning, life sign and end of a session', { 204: { description: 'It is noted.' } }),
  ],
};
