import type { Express, Response } from 'express';
import type { z } from 'zod';
import type { Posture } from '#gateway/domain/desk/posture.ts';
import * as desk from '#gateway/http/contract/desk.ts';
import { computersSchema, removeComputerSchema, type ComputerView } from '#gateway/http/contract/me-computers.ts';
import { removedSchema, type ClosedView } from '#gateway/http/contract/me.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;

const SEEN_AGO_MS = 240_000;
const told: Posture = {
  disk_encryption: 'on',
  firewall: 'off',
  screen_lock: 'on',
  secure_boot: 'unknown',
  os: { name: 'Debian GNU/Linux', version: '13', age_days: 75 },
  networks: ['192.0.2.0/24'],
};
const lastTold = () => ({ told, observedAtMs: Date.now() - SEEN_AGO_MS, isCompliant: false });

export function someComputers(): ComputerView[] {
  const old = { id: 'dsk_2', name: 'Old laptop', seenAtMs: null, hasFace: false, posture: null };
  return [{ id: 'dsk_1', name: 'Work laptop', seenAtMs: Date.now() - SEEN_AGO_MS, hasFace: true, posture: lastTold() }, old];
}

/** A person's own computers, on their own side. */
export function fakeOwnComputerRoutes(
  app: Express,
  state: { computers: ComputerView[]; readonly closed: ClosedView },
  answer: Answer,
): void {
  app.get('/api/me/computers', (_request, response) => answer(response, computersSchema, { computers: state.computers }));
  app.post('/api/me/computers/:id/remove', (request, response) => {
    removeComputerSchema.parse(request.body);
    state.computers = state.computers.filter(({ id }) => id !== request.params.id);
    answer(response, removedSchema, { closed: state.closed });
  });
}

const LEFT = { atMs: Date.now() - 86_400_000, because: 'departed' } as const;

/** People's computers, on the console. */
export function fakeComputerRoutes(app: Express, answer: Answer): void {
  const common = { personId: 'usr_dev', packHash: 'a'.repeat(64), enrolledAtMs: Date.now(), keyKind: 'tpm', hasFace: true } as const;
  let desks: desk.DeskView[] = [
    {
      ...common,
      id: 'dsk_1',
      label: 'Work laptop',
      status: 'active',
      revocation: null,
      seenAtMs: Date.now() - SEEN_AGO_MS,
      posture: lastTold(),
    },
    { ...common, id: 'dsk_2', label: 'Old laptop', status: 'revoked', revocation: LEFT, seenAtMs: null, posture: null, hasFace: false },
  ];
  app.get('/api/desks', (request, response) =>
    answer(response, desk.desksSchema, { desks: desks.filter(({ personId }) => personId === request.query['personId']) }),
  );
  app.post('/api/people/:id/desks', (request, response) => {
    desk.deskOfferBodySchema.parse(request.body);
    answer(response.status(201), desk.deskOfferedSchema, { code: 'ONE-TIME-CODE', expiresAtMs: Date.now() + 900_000 });
  });
  app.post('/api/desks/:id/face', (request, response) => {
    desk.deskReasonBodySchema.parse(request.body);
    answer(response.status(201), desk.deskFaceOrderedSchema, { expiresAtMs: Date.now() + 900_000 });
  });
  app.post('/api/desks/:id/revoke', (request, response) => {
    desk.deskReasonBodySchema.parse(request.body);
    desks = desks.map((one) => (one.id === request.params.id ? { ...one, status: 'revoked' } : one));
    const closed: ClosedView = { sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 0, residual: ['apps'] };
    answer(response, desk.deskRevokedSchema, { closed });
  });
}
