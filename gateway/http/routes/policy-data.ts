import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type { DataRefusal, DataResult, ItemChange } from '../../app/policy-data/types.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import { reasonCodeSchema } from '../../domain/access/reason-code.ts';
import { GatewayError } from '../../domain/errors.ts';
import { dataRevisionOf } from '../../domain/policy/data-parts.ts';
import { RELAXABLE_REASONS } from '../../domain/policy/data/items.ts';
import { LIBRARY, LIBRARY_PARAMETERS } from '../../domain/policy/data/library.ts';
import { seenDifferences } from '../../domain/policy/data/seen.ts';
import { requireCaller, requireReader, type Caller } from '../callers.ts';
import { emptySchema } from '../contract/common.ts';
import { IMPACT_WINDOW_DEFAULT_MS, impactJobSchema } from '../contract/policy.ts';
import {
  DATA_PAGE_MAX,
  dataChangeBodySchema,
  dataChangedSchema,
  dataDiffSchema,
  dataHistorySchema,
  dataImpactBodySchema,
  dataPreviewBodySchema,
  dataPreviewSchema,
  dataRevertBodySchema,
  grantsPageSchema,
  libraryViewSchema,
  policyDataViewSchema,
  seenSchema,
} from '../contract/policy-data.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest, InvalidRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { fileView } from './policy-data-file.ts';

const LIMIT_DEFAULT = 100;
const limit = z.coerce.number().int().min(1).max(DATA_PAGE_MAX).default(LIMIT_DEFAULT);
const after = z.string().max(256).default('');
const grantsQuerySchema = z.strictObject({ after, limit, holder: z.string().max(160).optional(), profile: z.string().max(128).optional() });
const seenQuerySchema = z.strictObject({ section: z.string().min(1).max(64), after, limit });
const historyQuerySchema = z.strictObject({ before: z.coerce.number().int().min(1).optional(), limit });
const versionNumber = z.coerce.number().int().min(0);
const diffQuerySchema = z.strictObject({ from: versionNumber, to: versionNumber });

const TEXTS: Readonly<Record<Exclude<DataRefusal['code'], 'request.forbidden' | 'data.invalid'>, string>> = {
  'data.changed_meanwhile': 'Somebody else has changed the policy data meanwhile: load it again.',
  'data.nothing_to_do': 'This changes nothing.',
  'data.version_unknown': 'This version of the policy data is not kept.',
};

/** Of several problems the first is named: the form is sent again anyhow. */
function accepted<Value>(result: DataResult<Value>): Value {
  if (result.ok) return result;
  if (result.code === 'request.forbidden') throw new DeniedRequest(result.deny);
  if (result.code === 'data.invalid') {
    const [problem] = result.problems;
    const { path, message } = problem ?? { path: 'changes', message: 'cannot be used' };
    throw new InvalidRequest(`${path}: ${message}`, path);
  }
  throw new GatewayError(result.code === 'data.version_unknown' ? 'resource.unknown' : 'request.conflict', TEXTS[result.code]);
}

export function registerPolicyDataRoutes(router: Router, deps: RouteDeps): void {
  registerReads(router, deps);
  registerSeen(router, deps);
  registerHistory(router, deps);
  registerChanges(router, deps);
  registerImpact(router, deps);
}

/** Whoever plans a change must be somebody who may make one: previews cost time and show everything. */
async function requireEditor(deps: RouteDeps, request: Request): Promise<Caller> {
  const caller = await requireReader(deps, request);
  if (!caller.actions.has('policy.data_edit')) throw new GatewayError('request.forbidden', 'Your role does not allow this.');
  return caller;
}

function registerReads(router: Router, deps: RouteDeps): void {
  const { policyData } = deps;
  router.get('/policy/data', async (request, response) => {
    const { actions } = await requireReader(deps, request);
    const [{ version, document }, seen] = [await policyData.current(), await policyData.seen()];
    const { grants, ...parts } = document;
    respond(response, policyDataViewSchema, {
      version,
      dataRevision: dataRevisionOf(seen),
      parts,
      grantCount: Object.keys(grants).length,
      file: fileView(deps.sites.installation, deps.policyDataFile),
      may: {
        edit: actions.has('policy.data_edit'),
        open: actions.has('policy.data_open'),
        raiseThreat: actions.has('policy.threat_raise'),
      },
    });
  });

  router.get('/policy/data/grants', async (request, response) => {
    await requireReader(deps, request);
    const query = parseQuery(grantsQuerySchema, request);
    const { version, document } = await policyData.current();
    const found = Object.entries(document.grants)
      .filter(
        ([, { holder, profileId }]) =>
          (query.holder ?? `${holder.kind}:${holder.id}`) === `${holder.kind}:${holder.id}` && (query.profile ?? profileId) === profileId,
      )
      .map(([id, value]) => ({ id, value }));
    const { page, next } = pageOf(found, ({ id }) => id, query);
    respond(response, grantsPageSchema, { version, grants: page, next });
  });
}

function registerSeen(router: Router, deps: RouteDeps): void {
  const { policyData } = deps;
  router.get('/policy/data/seen', async (request, response) => {
    await requireReader(deps, request);
    const query = parseQuery(seenQuerySchema, request);
    const seen = await policyData.seen();
    const sections: Readonly<Record<string, unknown>> = seen.gatehouse;
    const section = Object.hasOwn(sections, query.section) ? sections[query.section] : undefined;
    if (typeof section !== 'object' || section === null) throw new GatewayError('resource.unknown', 'The data has no such section.');
    const members = Object.entries(section).map(([key, value]: [string, unknown]) => ({ key, value }));
    const { page, next } = pageOf(members, ({ key }) => key, query);
    respond(response, seenSchema, {
      dataRevision: dataRevisionOf(seen),
      sections: Object.keys(sections),
      section: query.section,
      members: page,
      next,
    });
  });

  router.get('/policy/data/library', async (request, response) => {
    await requireReader(deps, request);
    respond(response, libraryViewSchema, {
      policies: LIBRARY.map((policy) => ({
        ...policy,
        kinds: [...policy.kinds],
        reasons: policy.reasons.map((code) => explainReason(reasonCodeSchema.parse(code))),
        obligations: [...policy.obligations],
        parameters: { ...z.toJSONSchema(LIBRARY_PARAMETERS[policy.id], { io: 'input' }) },
      })),
      relaxable: RELAXABLE_REASONS.map((code) => explainReason(code)),
    });
  });
}

function pageOf<Item>(items: readonly Item[], keyOf: (item: Item) => string, query: { readonly after: string; readonly limit: number }) {
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).filter((item) => query.after === '' || keyOf(item) > query.after);
  const page = sorted.slice(0, query.limit);
  const last = page.at(-1);
  return { page, next: sorted.length > page.length && last !== undefined ? keyOf(last) : null };
}

function registerHistory(router: Router, deps: RouteDeps): void {
  const { policyData } = deps;
  router.get('/policy/data/history', async (request, response) => {
    await requireReader(deps, request);
    const query = parseQuery(historyQuerySchema, request);
    const versions = await policyData.versions({ before: query.before ?? null, limit: query.limit });
    const next = versions.length < query.limit ? null : (versions.at(-1)?.version ?? null);
    respond(response, dataHistorySchema, { versions: [...versions], next });
  });

  router.get('/policy/data/diff', async (request, response) => {
    await requireReader(deps, request);
    const { from, to } = parseQuery(diffQuerySchema, request);
    const lines = await policyData.diff(from, to);
    if (lines === null) throw new GatewayError('resource.unknown', TEXTS['data.version_unknown']);
    respond(response, dataDiffSchema, { from, to, total: lines.length, lines: lines.slice(0, DATA_PAGE_MAX) });
  });

  router.post('/policy/data/revert', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { version, dataRevision } = accepted(await policyData.revert({ ...parseBody(dataRevertBodySchema, request), operator }));
    respond(response, dataChangedSchema, { version, dataRevision });
  });
}

function registerChanges(router: Router, deps: RouteDeps): void {
  const { policyData } = deps;
  router.post('/policy/data/preview', async (request, response) => {
    await requireEditor(deps, request);
    const { plan } = accepted(await policyData.plan(parseChanges(dataPreviewBodySchema, request)));
    const seen = seenDifferences(plan.before, plan.after);
    respond(response, dataPreviewSchema, {
      opens: plan.lines.some(({ opens }) => opens),
      action: plan.action,
      lines: [...plan.lines],
      seen: seen.slice(0, DATA_PAGE_MAX),
      seenTotal: seen.length,
      dataRevision: dataRevisionOf(plan.after),
    });
  });

  router.post('/policy/data/changes', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { version, dataRevision } = accepted(await policyData.change({ ...parseChanges(dataChangeBodySchema, request), operator }));
    respond(response, dataChangedSchema, { version, dataRevision });
  });
}

/** The schema ties each value to its part, which the inferred type of a generic union does not say. */
function parseChanges<Schema extends z.ZodType<{ readonly baseVersion: number; readonly changes: readonly { readonly part: string }[] }>>(
  schema: Schema,
  request: Request,
): Omit<z.output<Schema>, 'changes'> & { readonly changes: readonly ItemChange[] } {
  const body = parseBody(schema, request);
  return { ...body, changes: body.changes as readonly unknown[] as readonly ItemChange[] };
}

function registerImpact(router: Router, deps: RouteDeps): void {
  const { dataImpact, policyData, clock } = deps;
  const send = (response: Response, id: string): void => {
    const job = dataImpact.job(id);
    if (job === null) throw new GatewayError('resource.unknown', 'This replay is not known.');
    respond(response, impactJobSchema, job);
  };
  router.post('/policy/data/impact', async (request, response) => {
    await requireEditor(deps, request);
    const { window: asked, ...changes } = parseChanges(dataImpactBodySchema, request);
    const { plan } = accepted(await policyData.plan(changes));
    const toMs = clock.nowMs();
    const job = await dataImpact.start(plan, asked ?? { fromMs: Math.max(0, toMs - IMPACT_WINDOW_DEFAULT_MS), toMs });
    respond(response, impactJobSchema, job, 202);
  });

  router.get('/policy/data/impact/:id', async (request, response) => {
    await requireReader(deps, request);
    send(response, parseId(request));
  });

  router.post('/policy/data/impact/:id/cancel', async (request, response) => {
    await requireEditor(deps, request);
    parseBody(emptySchema, request);
    const id = parseId(request);
    dataImpact.cancel(id);
    send(response, id);
  });
}
