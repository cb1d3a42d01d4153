import type { Request, Router } from 'express';
import { clientSettings, SECRET_PLACEHOLDER } from '../../app/apps/client-settings.ts';
import type { AppRefusal } from '../../app/apps/types.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import {
  addAppBodySchema,
  appChoicesSchema,
  appDetailSchema,
  appProblemsSchema,
  appSettingsSchema,
  appsSchema,
  appWithSecretSchema,
  changeAppBodySchema,
  checkAppBodySchema,
  rotateSecretBodySchema,
} from '../contract/apps.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { DeniedRequest, InvalidRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { AppsDeps } from './apps-deps.ts';
import type { RouteDeps } from './deps.ts';
import { createAppViews, type AppViews } from './app-views.ts';

interface Parts {
  readonly deps: RouteDeps;
  readonly apps: AppsDeps;
  readonly views: AppViews;
}

/** Apps of the configuration file and those that were added; only the latter are changed here. */
export function registerAppRoutes(router: Router, deps: RouteDeps, apps: AppsDeps): void {
  const parts: Parts = { deps, apps, views: createAppViews(deps.sites, apps) };
  registerReading(router, parts);
  registerChanges(router, parts);
}

// Branded where it enters, and looked up at once.
const idOf = (request: Request): AppId => parseId(request) as AppId;

function registerReading(router: Router, { apps, deps, views }: Parts): void {
  router.get('/apps', async (request, response) => {
    await requireReader(deps, request);
    respond(response, appsSchema, { apps: [...views.rows()] });
  });

  router.get('/app-choices', async (request, response) => {
    await requireReader(deps, request);
    const { areas, sites } = deps.sites.installation;
    respond(response, appChoicesSchema, {
      issuer: apps.issuer,
      sites: sites.map(({ id, name }) => ({ id, name })),
      areas: areas.map(({ id, name, siteId }) => ({ id, name, siteId })),
      apis: apps.apis.map(({ id, name, scopes }) => ({ id, name, scopes: [...scopes] })),
    });
  });

  router.get('/apps/:id', async (request, response) => {
    await requireReader(deps, request);
    respond(response, appDetailSchema, requireDetail(views, idOf(request)));
  });

  router.get('/apps/:id/settings', async (request, response) => {
    await requireReader(deps, request);
    const { kind, name, clientId, redirectUris, postLogoutRedirectUris, idTokenAlg, origin, paths } = requireDetail(views, idOf(request));
    const facts = { kind, name, clientId, redirectUris, postLogoutRedirectUris, idTokenAlg, origin, paths };
    const settings = clientSettings({ ...facts, issuer: apps.issuer, listen: apps.listen, clientSecret: null });
    respond(response, appSettingsSchema, {
      placeholder: SECRET_PLACEHOLDER,
      settings: settings.map(({ files, id, notes, title }) => ({
        id,
        title,
        files: files.map((file) => ({ ...file })),
        notes: [...notes],
      })),
    });
  });

  router.post('/app-check', async (request, response) => {
    await requireReader(deps, request);
    const problems = await apps.desk.check(parseBody(checkAppBodySchema, request).draft);
    respond(response, appProblemsSchema, { problems: problems.map(({ message, path }) => ({ message, path })) });
  });
}

function registerChanges(router: Router, { apps, deps, views }: Parts): void {
  const { desk } = apps;
  const operatorOf = async (request: Request) => (await requireCaller(deps.authenticate, request)).operator;

  router.post('/apps', async (request, response) => {
    const operator = await operatorOf(request);
    const { draft, reason } = parseBody(addAppBodySchema, request);
    const added = await desk.add({ operator, reason, draft });
    if (!added.ok) throw toError(added, 'draft');
    respond(response, appWithSecretSchema, { app: requireDetail(views, added.app.id), secret: added.secret }, 201);
  });

  router.post('/apps/:id/change', async (request, response) => {
    const operator = await operatorOf(request);
    const { draft, reason, version } = parseBody(changeAppBodySchema, request);
    const changed = await desk.change({ operator, reason, draft, version, id: idOf(request) });
    if (!changed.ok) throw toError(changed, 'draft');
    respond(response, appDetailSchema, requireDetail(views, changed.app.id));
  });

  router.post('/apps/:id/secret', async (request, response) => {
    const operator = await operatorOf(request);
    const { keepOldS, reason } = parseBody(rotateSecretBodySchema, request);
    const rotated = await desk.rotateSecret({ operator, reason, keepOldS, id: idOf(request) });
    if (!rotated.ok) throw toError(rotated, null);
    respond(response, appWithSecretSchema, { app: requireDetail(views, rotated.app.id), secret: rotated.secret });
  });

  for (const change of ['disable', 'enable'] as const) {
    router.post(`/apps/:id/${change}`, async (request, response) => {
      const operator = await operatorOf(request);
      const { reason } = parseBody(reasonBodySchema, request);
      const changed = await desk[change]({ operator, reason, id: idOf(request) });
      if (!changed.ok) throw toError(changed, null);
      respond(response, appDetailSchema, requireDetail(views, changed.app.id));
    });
  }

  router.post('/apps/:id/remove', async (request, response) => {
    const operator = await operatorOf(request);
    const { reason } = parseBody(reasonBodySchema, request);
    const id = idOf(request);
    const clientId = apps.added.find(id)?.clientId;
    const removed = await desk.remove({ operator, reason, id });
    if (!removed.ok) throw toError(removed, null);
    if (clientId !== undefined) apps.watch.forget(clientId);
    respond(response, emptySchema, {});
  });
}

export function requireDetail(views: AppViews, id: AppId) {
  const detail = views.detail(id);
  if (detail === null) throw new GatewayError('resource.unknown', 'There is no such app.');
  return detail;
}

/** `body` is where a draft stands in the request; null where there is none. */
function toError(refusal: AppRefusal, body: string | null): GatewayError {
  switch (refusal.code) {
    case 'request.forbidden':
      return new DeniedRequest(refusal.deny);
    case 'app.invalid':
      return invalid(refusal.problems, body);
    case 'app.unknown':
      return new GatewayError('resource.unknown', 'There is no such app.');
    case 'app.of_file':
      return new GatewayError('request.conflict', 'This app is of the configuration file: change it there.');
    case 'app.changed_meanwhile':
      return new GatewayError('request.conflict', 'Somebody else has changed the app meanwhile. Load it again.');
    case 'app.too_many':
      return new GatewayError('request.conflict', 'There are too many apps. Remove one that nobody uses.');
    case 'app.no_secret':
      return new GatewayError('request.conflict', 'Apps of this kind have no secret.');
    case 'app.still_named':
      return new GatewayError(
        'request.conflict',
        'An access profile names this app and nothing else. Remove that profile and its grants first.',
      );
  }
}

function invalid(problems: readonly FieldProblem[], body: string | null): InvalidRequest {
  const [first] = problems;
  if (first === undefined) return new InvalidRequest('The app is not valid.');
  const field = body === null ? first.path : `${body}.${first.path}`;
  return new InvalidRequest(`${field}: ${first.message}`, field);
}
