import { emptySchema } from '#gateway/http/contract/common.ts';
import * as demoContract from '#gateway/http/contract/demo.ts';
import * as data from './fake-data.ts';
import { answer, refuse, type World } from './fake-world.ts';

export function fakeDemoRoutes({ app, state, push }: World): void {
  app.get('/api/demo', (_request, response) =>
    state.demo
      ? answer(response, demoContract.demoSchema, { ...data.demo, networkZone: state.networkZone })
      : refuse(response, 404, 'request.not_found'),
  );
  app.post('/api/demo/badge', (request, response) => {
    const { personId, readerId } = demoContract.demoBadgeSchema.parse(request.body);
    const standing = state.people.find(({ id }) => id === personId)?.standing;
    const decisionId = `dec_demo_${String(Date.now())}`;
    const resourceId = readerId.replace(/_(in|out)$/, '');
    const denied = standing === 'suspended';
    if (!denied && data.demo.readers.find(({ id }) => id === readerId)?.hasKeypad === true) {
      answer(response, demoContract.demoBadgeResultSchema, { outcome: 'pin_wanted', decisionId, reasons: [] });
      return;
    }
    push(
      data.decision(decisionId, {
        personId,
        resourceId,
        ...(denied ? { effect: 'deny', reasons: ['subject.suspended'], permits: [] } : {}),
      }),
    );
    answer(response, demoContract.demoBadgeResultSchema, {
      outcome: denied ? 'denied' : 'granted',
      decisionId,
      reasons: denied ? ['subject.suspended'] : [],
    });
  });
  app.post('/api/demo/keys', (request, response) => {
    const { personId, keys } = demoContract.demoKeysSchema.parse(request.body);
    const isRight = keys === `${data.demo.people.find(({ id }) => id === personId)?.pins?.pin ?? ''}#`;
    answer(response, demoContract.demoBadgeResultSchema, {
      outcome: isRight ? 'granted' : 'denied',
      decisionId: 'dec_demo_keys',
      reasons: isRight ? [] : ['pin.invalid'],
    });
  });
  app.post('/api/demo/exit', (request, response) => {
    demoContract.demoExitSchema.parse(request.body);
    answer(response, demoContract.demoExitResultSchema, { outcome: 'released' });
  });
  app.post('/api/demo/network', (request, response) => {
    state.networkZone = demoContract.demoNetworkSchema.parse(request.body).zone;
    answer(response, emptySchema, {});
  });
}
