import type { Router } from 'express';
import { z } from 'zod';
import type { PersonRow } from '../../app/reports/people.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import {
  enrolmentLinkSchema,
  peopleSchema,
  personDetailSchema,
  reinstateResultSchema,
  suspendResultSchema,
  unrestrictResultSchema,
  type PersonView,
} from '../contract/admin.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const PAGE_LIMIT_DEFAULT = 100;
const PAGE_LIMIT_MAX = 500;

const pageSchema = z.strictObject({
  after: z.string().min(1).max(128).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT),
});

function toView({ person, presence }: PersonRow): PersonView {
  const { id, displayName, email, standing, roles, groups, clearance } = person;
  const where =
    presence === null
      ? null
      : { state: presence.state, areaId: presence.areaId, areaName: presence.areaName, observedAtMs: presence.observedAtMs };
  return { id, displayName, email, standing, roles: [...roles], groups: [...groups], clearance, presence: where };
}

const unknownPerson = (): GatewayError => new GatewayError('resource.unknown', 'This person is not known.');

// Identifiers are branded where they enter: here, from the path.
const personIdOf = (id: string): PersonId => id as PersonId;

function registerReads(router: Router, deps: RouteDeps): void {
  router.get('/people', async (request, response) => {
    await requireReader(deps, request);
    const { after, limit } = parseQuery(pageSchema, request);
    const { rows, next } = await deps.peopleReport.page(after === undefined ? null : personIdOf(after), limit);
    respond(response, peopleSchema, { people: rows.map(toView), next });
  });

  router.get('/people/:id', async (request, response) => {
    await requireReader(deps, request);
    const dossier = await deps.peopleReport.dossier(personIdOf(parseId(request)));
    if (dossier === null) throw unknownPerson();
    const { credentials, access, sessions, reinstatement } = dossier;
    const restriction = dossier.person.standing === 'restricted' ? await deps.restrictions.find(dossier.person.id) : null;
    respond(response, personDetailSchema, {
      person: toView(dossier),
      credentials: [...credentials],
      access: access.map(({ profile, resources }) => ({ profile, resources: [...resources] })),
      sessions: [...sessions],
      reinstatement,
      restriction: restriction === null ? null : { cause: restriction.cause, sinceMs: restriction.sinceMs, untilMs: restriction.untilMs },
    });
  });
}

/** Each is decided by the policy and recorded, also when the operator's role does not allow it: attempts are evidence. */
export function registerPeopleRoutes(router: Router, deps: RouteDeps): void {
  registerReads(router, deps);

  router.post('/people/:id/suspend', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const outcome = await deps.suspendPerson({ personId: personIdOf(parseId(request)), operator, reason });
    if (outcome.ok) {
      const { decisionId, receipt } = outcome;
      respond(response, suspendResultSchema, { decisionId, receipt: { ...receipt, targets: [...receipt.targets] } });
      return;
    }
    throw outcome.code === 'request.forbidden' ? new DeniedRequest(outcome.deny) : unknownPerson();
  });

  router.post('/people/:id/reinstate', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const outcome = await deps.reinstatePerson({ personId: personIdOf(parseId(request)), operator, reason });
    if (outcome.ok) {
      const { state, decisionId } = outcome;
      const result =
        state === 'reinstated' ? { state, decisionId, epoch: outcome.epoch } : { state, decisionId, expiresAtMs: outcome.expiresAtMs };
      respond(response, reinstateResultSchema, result);
      return;
    }
    if (outcome.code === 'request.forbidden') throw new DeniedRequest(outcome.deny);
    if (outcome.code === 'resource.unknown') throw unknownPerson();
    throw new GatewayError('request.conflict', 'This person is not suspended, or somebody else has just completed it.');
  });

  router.post('/people/:id/unrestrict', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const outcome = await deps.liftRestriction({ personId: personIdOf(parseId(request)), operator, reason });
    if (outcome.ok) return respond(response, unrestrictResultSchema, { decisionId: outcome.decisionId, epoch: outcome.epoch });
    if (outcome.code === 'request.forbidden') throw new DeniedRequest(outcome.deny);
    if (outcome.code === 'resource.unknown') throw unknownPerson();
    throw new GatewayError('request.conflict', 'This person is not restricted any more.');
  });

  router.post('/people/:id/enrolment', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    parseBody(emptySchema, request);
    const personId = personIdOf(parseId(request));
    if ((await deps.people.find(personId)) === null) throw unknownPerson();
    const target = { type: 'person', id: personId } as const;
    const decision = await deps.authorizeOperator({
      action: 'person.enrol',
      operator,
      target,
      reason: 'enrolment link',
      firstOperatorId: null,
    });
    if (decision.effect === 'deny') throw new DeniedRequest(decision);
    respond(response, enrolmentLinkSchema, await deps.enrolment.offer({ personId, operatorId: operator.id }));
  });
}
