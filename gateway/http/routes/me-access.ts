import type { Router } from 'express';
import { z } from 'zod';
import type { OwnAccessItem } from '../../app/self/own-access.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import { ACCESS_LIMIT_MAX, accessDetailSchema, accessSchema, resourceKindSchema, type AccessItem } from '../contract/me.ts';
import { parseId, parseQuery } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { MeDeps } from './me-deps.ts';

const pageSchema = z.strictObject({
  kind: resourceKindSchema.optional(),
  after: z.string().min(1).max(160).optional(),
  limit: z.coerce.number().int().min(1).max(ACCESS_LIMIT_MAX).default(ACCESS_LIMIT_MAX),
});

const unknown = (): GatewayError => new GatewayError('resource.unknown', 'There is nothing of this name.');

/** What is open to people now, and why not. */
export function registerMeAccessRoutes(router: Router, deps: MeDeps): void {
  const { access, appUrlOf } = deps.portal;
  const toView = ({ reasons, conditions, ...item }: OwnAccessItem): AccessItem => ({
    ...item,
    conditions: [...conditions],
    reasons: reasons.map(({ code, params }) => ({ code, params: { ...params } })),
    url: item.kind === 'app' ? appUrlOf(item.id as AppId) : null,
  });

  router.get('/me/access', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    const { kind = null, after = null, limit } = parseQuery(pageSchema, request);
    await deps.rateLimits.countPerson('ownQuestion', caller.personId);
    const { items, next } = await access.page(caller, { kind, after, limit });
    respond(response, accessSchema, { atMs: deps.clock.nowMs(), items: items.map(toView), next });
  });

  router.get('/me/access/:kind/:id', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    const kind = tryParse(resourceKindSchema, parseId(request, 'kind'));
    await deps.rateLimits.countPerson('ownQuestion', caller.personId);
    const item = kind.success ? await access.one(caller, kind.data, parseId(request)) : null;
    if (item === null) throw unknown();
    respond(response, accessDetailSchema, { atMs: deps.clock.nowMs(), item: toView(item) });
  });
}
