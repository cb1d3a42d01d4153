import type { Express, Response } from 'express';
import type { z } from 'zod';
import { recoveryBadgesSchema, recoveryBodySchema, recoveryOfferSchema, type RecoveryBadgesView } from '#gateway/http/contract/recovery.ts';

type Answer = <S extends z.ZodType>(response: Response, schema: S, body: z.input<S>) => unknown;

/** The front desk's half of the way back in; `asked` holds what operators sent. */
export interface FakeRecovery {
  badges: RecoveryBadgesView['badges'];
  readonly asked: z.infer<typeof recoveryBodySchema>[];
}

export const noRecovery = (): FakeRecovery => ({ badges: [], asked: [] });

export function fakeRecoveryRoutes(app: Express, recovery: FakeRecovery, answer: Answer): void {
  app.get('/api/recovery/badges', (_request, response) => answer(response, recoveryBadgesSchema, { badges: recovery.badges }));
  app.post('/api/people/:id/recovery', (request, response) => {
    const body = recoveryBodySchema.parse(request.body);
    recovery.asked.push(body);
    const code = 'ABCD-EFGH-JKMN-PQRS';
    return answer(response.status(201), recoveryOfferSchema, {
      decisionId: 'dec_recovery',
      code,
      url: `http://localhost/enrol#${code.replaceAll('-', '')}`,
      expiresAtMs: Date.now() + 600_000,
      passkeysRevoked: body.oldPasskeys === 'revoke' ? 2 : 0,
      closed: body.oldPasskeys === 'keep' ? null : { sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 0, residual: ['apps'] },
    });
  });
}
