import type { Request, Router } from 'express';
import { z } from 'zod';
import type { Operator } from '../../app/access/types.ts';
import type { Decision } from '../../domain/access/decision.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId, DecisionId, PersonId } from '../../domain/site/ids.ts';
import { OIDC_PATH } from '../../oidc/types.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import { registeredClientsSchema } from '../contract/apps.ts';
import {
  identityProviderSchema,
  registrationTokenBodySchema,
  registrationTokenSchema,
  retiredKeySchema,
  retireKeyBodySchema,
  rotatedKeysSchema,
  rotateKeysBodySchema,
} from '../contract/oidc-admin.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { createKeyRetirements, type KeyRetirements } from './key-retirements.ts';

interface Question {
  readonly action: 'oidc.manage' | 'oidc.emergency';
  readonly reason: string;
  readonly firstOperatorId?: PersonId | null;
}

type Ask = (operator: Operator, question: Question) => Promise<Decision>;
type Manage = (request: Request, reason: string) => Promise<{ readonly operator: Operator; readonly decisionId: DecisionId }>;
type Record = (
  change: 'added' | 'removed',
  about: { decisionId: DecisionId; operatorId: string; changes: readonly string[] },
) => Promise<void>;

/**
 * What operators do to the OpenID provider: its keys, and clients that register themselves. Whoever does it decides what apps believe, so
 * it takes a fresh passkey and a reason.
 */
export function registerOidcAdminRoutes(router: Router, deps: RouteDeps): void {
  const ask: Ask = (operator, { action, firstOperatorId = null, reason }) =>
    deps.authorizeOperator({ action, operator, target: { type: 'policy', id: 'oidc' }, reason, firstOperatorId });

  const manage: Manage = async (request, reason) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const decision = await ask(operator, { action: 'oidc.manage', reason });
    if (decision.effect === 'deny') throw new DeniedRequest(decision);
    return { operator, decisionId: decision.id };
  };

  // Before the act, like every change at the host: what cannot be recorded does not happen.
  const record: Record = async (change, { changes, decisionId, operatorId }) => {
    await deps.audit.append({
      type: 'directory_change',
      occurredAtMs: deps.clock.nowMs(),
      changeId: decisionId,
      subjectType: 'signing_key',
      subjectId: 'oidc',
      personId: null,
      change,
      changes: [...changes],
      digestBefore: null,
      digestAfter: null,
      operatorId,
    });
  };

  const retirements = createKeyRetirements(deps.clock);
  registerProvider(router, deps, retirements);
  registerRetirement(router, deps, { ask, record, retirements });
  registerClients(router, deps, manage);

  router.post('/oidc/keys/rotate', async (request, response) => {
    const { reason } = parseBody(rotateKeysBodySchema, request);
    const { decisionId, operator } = await manage(request, reason);
    await record('added', { decisionId, operatorId: operator.id, changes: ['+generation'] });
    const { generation, kids, signsFromMs } = await deps.identity.rotateKeys();
    respond(response, rotatedKeysSchema, { generation, signsFromMs, kids: [...kids] });
  });

  router.post('/oidc/registration-tokens', async (request, response) => {
    const { appId, origins, reason, ttlS } = parseBody(registrationTokenBodySchema, request);
    const { operator } = await manage(request, reason);
    // Branded where it enters; the offer looks the app up.
    const offer = await deps.identity.offerRegistration({ appId: appId as AppId, origins, ttlS, operatorId: operator.id });
    respond(response, registrationTokenSchema, { ...offer, endpoint: `${deps.publicUrl}${OIDC_PATH}/reg` });
  });
}

function registerProvider(router: Router, deps: RouteDeps, retirements: KeyRetirements): void {
  router.get('/oidc', async (request, response) => {
    await requireReader(deps, request);
    const issuer = `${deps.publicUrl}${OIDC_PATH}`;
    const keys = await deps.identity.listKeys();
    respond(response, identityProviderSchema, {
      issuer,
      discoveryUrl: `${issuer}/.well-known/openid-configuration`,
      keys: keys.map((key) => ({ ...key, retirementAskedBy: retirements.of(key.kid)?.operatorId ?? null })),
    });
  });
}

interface Retiring {
  readonly ask: Ask;
  readonly record: Record;
  readonly retirements: KeyRetirements;
}

/** One operator is enough, unless the policy says that it takes two: then the first request waits for the second. */
function registerRetirement(router: Router, deps: RouteDeps, { ask, record, retirements }: Retiring): void {
  router.post('/oidc/keys/retire', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { kid, reason } = parseBody(retireKeyBodySchema, request);
    if (!(await deps.identity.listKeys()).some((key) => key.kid === kid)) throw unknownKey();
    const first = retirements.of(kid);
    const decision = await ask(operator, { action: 'oidc.emergency', reason, firstOperatorId: first?.operatorId ?? null });
    if (decision.effect === 'deny') {
      // Nothing else stands in the way than that it takes two, and nobody has asked yet.
      const isFirst = first === null && decision.reasons.every((code) => code === 'operator.same_person');
      if (!isFirst) throw new DeniedRequest(decision);
      const { untilMs } = retirements.ask(kid, operator.id);
      return respond(response, retiredKeySchema, { state: 'waits_for_second_operator', kid, untilMs }, 202);
    }
    const changes = [`kid:${kid}`, ...(first === null ? [] : [`first_operator:${first.operatorId}`])];
    await record('removed', { decisionId: decision.id, operatorId: operator.id, changes });
    const retired = await deps.identity.retireKey(kid);
    retirements.done(kid);
    if (retired === null) throw unknownKey();
    const alarm = { type: 'alarm', code: 'oidc.key_retired', sourceType: 'gateway', sourceId: kid, active: true } as const;
    await deps.audit.append({ ...alarm, occurredAtMs: deps.clock.nowMs(), decisionId: decision.id });
    respond(response, retiredKeySchema, { state: 'retired', ...retired });
  });
}

const unknownKey = (): GatewayError => new GatewayError('resource.unknown', 'No published key has this id.');

const pageSchema = z.strictObject({ after: z.string().min(1).max(128).optional() });

function registerClients(router: Router, deps: RouteDeps, manage: Manage): void {
  const { registeredClients } = deps.identity;

  router.get('/oidc/clients', async (request, response) => {
    await requireReader(deps, request);
    const { after } = parseQuery(pageSchema, request);
    const { clients, next } = await registeredClients.list(after ?? null);
    respond(response, registeredClientsSchema, {
      clients: clients.map((client) => ({ ...client, redirectUris: [...client.redirectUris] })),
      next,
    });
  });

  router.post('/oidc/clients/:id/remove', async (request, response) => {
    const clientId = parseId(request);
    const { reason } = parseBody(reasonBodySchema, request);
    const { decisionId, operator } = await manage(request, reason);
    if (!(await registeredClients.remove(clientId, { operatorId: operator.id, decisionId }))) {
      throw new GatewayError('resource.unknown', 'No client has registered itself under this id.');
    }
    respond(response, emptySchema, {});
  });
}
