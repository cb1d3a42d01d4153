import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Command, LifeRefusal, LifeResult, PolicyLife } from '../../app/policy/life/types.ts';
import { diffRevisions } from '../../domain/policy/diff-revisions.ts';
import { explainState } from '../../domain/policy/next-step.ts';
import type { PolicyRevision } from '../../domain/policy/revision.ts';
import { GatewayError } from '../../domain/errors.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import {
  approveBodySchema,
  checkResultSchema,
  draftBodySchema,
  DRAFT_BODY_BYTES_MAX,
  FORMAT_BODY_BYTES_MAX,
  formatBodySchema,
  formatResultSchema,
  emergencyBodySchema,
  explanationResultSchema,
  IMPACT_WINDOW_DEFAULT_MS,
  impactBodySchema,
  impactJobSchema,
  keyRotatedSchema,
  policyDiffSchema,
  revisionDetailSchema,
  revisionResultSchema,
  REVISIONS_LIMIT_MAX,
  revisionsSchema,
  rollbackBodySchema,
  shadowSchema,
  testResultSchema,
} from '../contract/policy.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const LIMIT_DEFAULT = 50;
const pageSchema = z.strictObject({
  before: z.string().min(1).max(64).optional(),
  limit: z.coerce.number().int().min(1).max(REVISIONS_LIMIT_MAX).default(LIMIT_DEFAULT),
});
const diffQuerySchema = z.strictObject({ from: z.string().min(1).max(64), to: z.string().min(1).max(64) });

const TEXTS: Readonly<Record<Exclude<LifeRefusal['code'], 'request.forbidden' | 'policy.wrong_state'>, string>> = {
  'policy.has_errors': 'The revision has errors: check names them.',
  'policy.tests_failed':
    'Tests of the revision fail: test names them. In an emergency: gatehouse policy publish --emergency --despite-tests',
  'policy.tests_missing': 'Tests of the revision have not run: gatehouse policy test runs them.',
  'policy.engines_differ':
    'The two engines of the policy answer recorded decisions of this revision differently: its impact names the first of them.',
  'policy.other_hash': 'This is not the content that was read and approved.',
  'policy.same_person': 'Whoever wrote a revision does not approve it.',
  'policy.not_signed': 'The revision is not signed.',
  'policy.changed_meanwhile': 'Somebody else has just changed this: look again.',
  'policy.nothing_before': 'There is no revision to go back to that was not left by a roll-back itself: name the one that is meant.',
  'resource.unknown': 'This revision is not known.',
};

function accepted<Value>(result: LifeResult<Value>): Value {
  if (result.ok) return result;
  if (result.code === 'request.forbidden') throw new DeniedRequest(result.deny);
  if (result.code === 'policy.wrong_state') throw new GatewayError('request.conflict', explainState(result.revision));
  throw new GatewayError(result.code === 'resource.unknown' ? 'resource.unknown' : 'request.conflict', TEXTS[result.code]);
}

const jsonOf = (limit: number) => express.json({ limit, strict: true, type: 'application/json', inflate: false });
const parseDraft = jsonOf(DRAFT_BODY_BYTES_MAX);
const parseFormat = jsonOf(FORMAT_BODY_BYTES_MAX);

/** Policy texts are larger than other bodies: they are read only when it is known who sends them. */
async function readLarge(parse: RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    void parse(request, response, (failure?: unknown) => {
      if (failure === undefined) resolve();
      // The error handler knows what the parser throws.
      else reject(failure instanceof Error ? failure : new TypeError('the body could not be read'));
    });
  });
}

export function registerPolicyRoutes(router: Router, deps: RouteDeps): void {
  registerReads(router, deps);
  registerDrafts(router, deps);
  registerImpact(router, deps);
  registerPublish(router, deps);
}

function registerReads(router: Router, deps: RouteDeps): void {
  const { policyLife } = deps;
  router.get('/policy/revisions', async (request, response) => {
    await requireReader(deps, request);
    const { before, limit } = parseQuery(pageSchema, request);
    const [revisions, activations] = await Promise.all([policyLife.list({ beforeId: before ?? null, limit }), policyLife.activations()]);
    const next = revisions.length < limit ? null : (revisions.at(-1)?.id ?? null);
    const { newestFirst, wayBackId } = activations;
    respond(response, revisionsSchema, { revisions: [...revisions], next, activations: [...newestFirst], wayBackId });
  });

  router.get('/policy/revisions/:id', async (request, response) => {
    await requireReader(deps, request);
    respond(response, revisionDetailSchema, await detailOf(deps, parseId(request)));
  });

  router.get('/policy/diff', async (request, response) => {
    await requireReader(deps, request);
    const { from, to } = parseQuery(diffQuerySchema, request);
    const [before, after] = await Promise.all([detailOf(deps, from), detailOf(deps, to)]);
    const files = diffRevisions(before.content, after.content).map((file) => ({ ...file, lines: [...file.lines] }));
    respond(response, policyDiffSchema, { files });
  });

  router.get('/policy/shadow', async (request, response) => {
    await requireReader(deps, request);
    respond(response, shadowSchema, await policyLife.shadow());
  });

  router.get('/policy/decisions/:id', async (request, response) => {
    await requireReader(deps, request);
    const explanation = await deps.explainDecision(parseId(request));
    if (explanation === null) throw new GatewayError('resource.unknown', 'This decision is not in the log.');
    respond(response, explanationResultSchema, explanation);
  });
}

/** For what changes no revision and is no business of others: nothing is decided or recorded. */
async function requireAuthor(deps: RouteDeps, request: Request): Promise<void> {
  const { actions } = await requireReader(deps, request);
  if (!actions.has('policy.propose')) throw new GatewayError('request.forbidden', 'Your role does not allow this.');
}

async function detailOf({ policyLife }: RouteDeps, id: string) {
  const detail = await policyLife.detail(id);
  if (detail === null) throw new GatewayError('resource.unknown', TEXTS['resource.unknown']);
  return detail;
}

function registerDrafts(router: Router, deps: RouteDeps): void {
  const { policyLife } = deps;
  router.post('/policy/drafts', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    await readLarge(parseDraft, request, response);
    const draft = parseBody(draftBodySchema, request);
    const { revision } = accepted(await policyLife.propose({ operator, ...draft }));
    respond(response, revisionResultSchema, { revision }, 201);
  });

  router.post('/policy/format', async (request, response) => {
    await requireAuthor(deps, request);
    await readLarge(parseFormat, request, response);
    const formatted = await policyLife.format(parseBody(formatBodySchema, request));
    respond(response, formatResultSchema, formatted.ok ? formatted : { ok: false, findings: [...formatted.findings] });
  });

  router.post('/policy/revisions/:id/check', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    parseBody(emptySchema, request);
    const { revision, report } = accepted(await policyLife.check({ operator, revisionId: parseId(request), reason: 'check' }));
    respond(response, checkResultSchema, { revision, report });
  });

  router.post('/policy/revisions/:id/test', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    parseBody(emptySchema, request);
    const { revision, report } = accepted(await policyLife.test({ operator, revisionId: parseId(request), reason: 'test' }));
    respond(response, testResultSchema, { revision, report });
  });
}

function registerImpact(router: Router, deps: RouteDeps): void {
  const { policyLife, clock } = deps;
  const unknownJob = (): GatewayError => new GatewayError('resource.unknown', 'This replay is not known.');
  router.post('/policy/revisions/:id/impact', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { window: asked, data } = parseBody(impactBodySchema, request);
    const toMs = clock.nowMs();
    const window = asked ?? { fromMs: Math.max(0, toMs - IMPACT_WINDOW_DEFAULT_MS), toMs };
    const command = { operator, revisionId: parseId(request), reason: 'impact', window, data };
    respond(response, impactJobSchema, accepted(await policyLife.startImpact(command)).job, 202);
  });

  router.get('/policy/impact/:id', async (request, response) => {
    await requireReader(deps, request);
    const job = policyLife.impactJob(parseId(request));
    if (job === null) throw unknownJob();
    respond(response, impactJobSchema, job);
  });

  router.post('/policy/impact/:id/cancel', async (request, response) => {
    await requireAuthor(deps, request);
    parseBody(emptySchema, request);
    const id = parseId(request);
    policyLife.cancelImpact(id);
    const job = policyLife.impactJob(id);
    if (job === null) throw unknownJob();
    respond(response, impactJobSchema, job);
  });
}

function registerPublish(router: Router, deps: RouteDeps): void {
  const { policyLife } = deps;
  router.post('/policy/revisions/:id/approve', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason, revision } = parseBody(approveBodySchema, request);
    send(response, accepted(await policyLife.approve({ operator, revisionId: parseId(request), reason, revision })));
  });

  const steps: Readonly<Record<string, (command: Command) => ReturnType<PolicyLife['sign']>>> = {
    sign: (command) => policyLife.sign(command),
    activate: (command) => policyLife.activate(command),
    shadow: (command) => policyLife.startShadow(command),
    'shadow/end': (command) => policyLife.endShadow(command),
  };
  for (const [path, run] of Object.entries(steps)) {
    router.post(`/policy/revisions/:id/${path}`, async (request, response) => {
      const { operator } = await requireCaller(deps.authenticate, request);
      const { reason } = parseBody(reasonBodySchema, request);
      send(response, accepted(await run({ operator, revisionId: parseId(request), reason })));
    });
  }

  router.post('/policy/revisions/:id/emergency', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason, despiteTests } = parseBody(emergencyBodySchema, request);
    send(response, accepted(await policyLife.signInEmergency({ operator, revisionId: parseId(request), reason, despiteTests })));
  });

  router.post('/policy/rollback', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason, revisionId } = parseBody(rollbackBodySchema, request);
    send(response, accepted(await policyLife.rollBack({ operator, reason, revisionId })));
  });

  router.post('/policy/keys/rotate', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const { keyId } = accepted(await policyLife.rotateKey({ operator, reason }));
    respond(response, keyRotatedSchema, { keyId });
  });
}

function send(response: Response, { revision }: { readonly revision: PolicyRevision }): void {
  respond(response, revisionResultSchema, { revision });
}
