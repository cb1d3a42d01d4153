import type { Request, Router } from 'express';
import type { AppId, DecisionId } from '../../domain/site/ids.ts';
import { OIDC_PATH } from '../../oidc/types.ts';
import { requireCaller } from '../callers.ts';
import { registrationTokenBodySchema, registrationTokenSchema, rotatedKeysSchema, rotateKeysBodySchema } from '../contract/oidc-admin.ts';
import { parseBody } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/**
 * What operators do to the OpenID provider. Whoever changes its keys or lets a client in decides what apps believe, as whoever brings a
 * policy into force does: the same right, with a fresh passkey and a reason.
 */
export function registerOidcAdminRoutes(router: Router, deps: RouteDeps): void {
  const decide = async (request: Request, reason: string) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const target = { type: 'policy', id: 'oidc' } as const;
    const decision = await deps.authorizeOperator({ action: 'policy.activate', operator, target, reason, firstOperatorId: null });
    if (decision.effect === 'deny') throw new DeniedRequest(decision);
    return { operator, decisionId: decision.id };
  };

  const recordRotation = async (operatorId: string, decisionId: DecisionId): Promise<void> => {
    // Before the act, like every change at the host: what cannot be recorded does not happen.
    await deps.audit.append({
      type: 'directory_change',
      occurredAtMs: deps.clock.nowMs(),
      changeId: decisionId,
      subjectType: 'signing_key',
      subjectId: 'oidc',
      personId: null,
      change: 'added',
      changes: ['+generation'],
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
  };

  router.post('/oidc/keys/rotate', async (request, response) => {
    const { reason } = parseBody(rotateKeysBodySchema, request);
    const { decisionId, operator } = await decide(request, reason);
    await recordRotation(operator.id, decisionId);
    const { generation, kids, signsFromMs } = await deps.identity.rotateKeys();
    respond(response, rotatedKeysSchema, { generation, signsFromMs, kids: [...kids] });
  });

  router.post('/oidc/registration-tokens', async (request, response) => {
    const { appId, origins, reason, ttlS } = parseBody(registrationTokenBodySchema, request);
    const { operator } = await decide(request, reason);
    // Branded where it enters; the offer looks the app up.
    const offer = await deps.identity.offerRegistration({ appId: appId as AppId, origins, ttlS, operatorId: operator.id });
    respond(response, registrationTokenSchema, { ...offer, endpoint: `${deps.publicUrl}${OIDC_PATH}/reg` });
  });
}
