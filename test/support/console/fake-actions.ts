import * as admin from '#gateway/http/contract/admin.ts';
import { reasonBodySchema } from '#gateway/http/contract/common.ts';
import { answer, refuse, type World } from './fake-world.ts';

export function fakeActionRoutes({ app, state, push }: World): void {
  const setStanding = (id: string, standing: admin.PersonView['standing']): void => {
    state.people = state.people.map((view) => (view.id === id ? { ...view, standing } : view));
  };
  app.post('/api/people/:id/suspend', (request, response) => {
    const { reason } = reasonBodySchema.parse(request.body);
    const { id } = request.params;
    const nowMs = Date.now();
    setStanding(id, 'suspended');
    push({
      type: 'standing',
      occurredAtMs: nowMs,
      personId: id,
      from: 'active',
      to: 'suspended',
      operators: ['usr_ada'],
      reason,
      epoch: 8,
      decisionId: 'dec_sus',
    });
    answer(response, admin.suspendResultSchema, {
      decisionId: 'dec_sus',
      receipt: {
        personId: id,
        epoch: 8,
        state: 'contained',
        requestedAtMs: nowMs,
        targets: [
          { target: 'policy_gate', method: 'local_transaction', acknowledgedAtMs: nowMs + 3, count: 0 },
          { target: 'door_node', method: 'epoch_push', acknowledgedAtMs: nowMs + 9, count: 6 },
          { target: 'oidc_sessions', method: 'destroyed', acknowledgedAtMs: nowMs + 14, count: 2 },
        ],
      },
    });
  });
  app.post('/api/people/:id/reinstate', (request, response) => {
    const { reason } = reasonBodySchema.parse(request.body);
    const operator = state.operator;
    if (operator === null) return refuse(response, 401, 'authentication.missing');
    if (state.reinstatement === null) {
      const expiresAtMs = Date.now() + 900_000;
      state.reinstatement = { requestedBy: operator.displayName, requestedById: operator.id, reason, expiresAtMs };
      return answer(response, admin.reinstateResultSchema, { state: 'waiting_for_second_operator', decisionId: 'dec_re1', expiresAtMs });
    }
    if (state.reinstatement.requestedById === operator.id) return refuse(response, 403, 'operator.same_person', 'dec_re2');
    state.reinstatement = null;
    setStanding(request.params.id, 'active');
    return answer(response, admin.reinstateResultSchema, { state: 'reinstated', decisionId: 'dec_re3', epoch: 9 });
  });
  app.post('/api/people/:id/enrolment', (_request, response) =>
    answer(response, admin.enrolmentLinkSchema, {
      url: 'http://localhost/enrol#token=' + 'k'.repeat(32),
      expiresAtMs: Date.now() + 900_000,
    }),
  );
  app.post('/api/session/cli-token', (_request, response) =>
    answer(response, admin.cliTokenSchema, { token: 'ghc_' + 'x'.repeat(40), expiresAtMs: Date.now() + 28_800_000 }),
  );
  app.post('/api/doors/:id/release', (request, response) => {
    reasonBodySchema.parse(request.body);
    answer(response, admin.releaseResultSchema, { decisionId: 'dec_rel', released: true, detail: '' });
  });
}
