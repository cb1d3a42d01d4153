import type { Request, Response } from 'express';
import { emptySchema } from '#gateway/http/contract/common.ts';
import * as signIn from '#gateway/http/contract/sign-in.ts';
import { answer, refuse, type World } from './fake-world.ts';

const challenge = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

export function fakeSignInRoutes({ app, state }: World): void {
  const assertion = (_request: Request, response: Response) =>
    answer(response, signIn.assertionOptionsSchema, {
      ceremonyId: 'cer_1',
      options: { challenge: challenge(), rpId: 'localhost', timeout: 60_000, userVerification: 'required', allowCredentials: [] },
    });
  const session = (): signIn.ConsoleSessionView => ({
    person: state.operator,
    actions: state.operator === null ? [] : state.actions,
    demo: state.demo,
  });
  app.get('/api/session', (_request, response) => answer(response, signIn.consoleSessionSchema, session()));
  app.post('/api/session/options', assertion);
  app.post('/api/session', (request, response) => {
    signIn.ceremonyResponseSchema.parse(request.body);
    state.operator = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
    answer(response, signIn.consoleSessionSchema, session());
  });
  app.delete('/api/session', (_request, response) => {
    state.operator = null;
    answer(response, emptySchema, {});
  });
  app.get('/api/interaction/:uid', (_request, response) =>
    state.interaction === null ? refuse(response, 404, 'request.not_found') : answer(response, signIn.interactionSchema, state.interaction),
  );
  app.post('/api/interaction/:uid/options', assertion);
  app.post('/api/interaction/:uid/:step', (_request, response) => answer(response, signIn.continueSchema, { redirectTo: '/back-at-app' }));
  app.post('/api/enrolment/options', (request, response) => {
    signIn.enrolmentRequestSchema.parse(request.body);
    if (!state.enrolmentOpen) return refuse(response, 404, 'request.not_found');
    return answer(response, signIn.enrolmentOptionsSchema, {
      ceremonyId: 'cer_2',
      displayName: 'Ada Okafor',
      expiresAtMs: Date.now() + 900_000,
      options: {
        challenge: challenge(),
        rp: { id: 'localhost', name: 'Gatehouse' },
        user: { id: 'dXNyX2FkYQ', name: 'ada@demo.example', displayName: 'Ada Okafor' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
    });
  });
  app.post('/api/enrolment/verify', (request, response) => {
    signIn.ceremonyResponseSchema.parse(request.body);
    answer(response, signIn.enrolledSchema, { displayName: 'Ada Okafor', console: true });
  });
}
