import type { Response, Router } from 'express';
import { z } from 'zod';
import { checkSignIn, type CheckedApp } from '../../domain/apps/live-check.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId, PersonId } from '../../domain/site/ids.ts';
import { requireReader } from '../callers.ts';
import { liveCheckSchema, type LiveCheckView } from '../contract/apps.ts';
import { parseId, parseQuery } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import { createAppViews } from './app-views.ts';
import type { AppsDeps } from './apps-deps.ts';
import type { RouteDeps } from './deps.ts';

/** Live checks that are watched at once, and of one operator. */
export const LIVE_CHECKS_MAX = 100;
export const LIVE_CHECKS_PER_PERSON_MAX = 10;
/** What changes by time alone, and whether the operator may still look, is looked at this often. */
export const LIVE_CHECK_TICK_MS = 5_000;
/** Unsent bytes of a page that does not read: it comes again by itself. */
const UNSENT_BYTES_MAX = 65_536;

const querySchema = z.strictObject({ since: z.coerce.number().int().min(0).default(0) });

/** What happens between an app and the gateway, as it happens. */
export function registerLiveCheckRoutes(router: Router, deps: RouteDeps, apps: AppsDeps): void {
  const views = createAppViews(deps.sites, apps);
  const watchers = new Map<string, number>();
  const requireApp = (id: AppId): CheckedApp => {
    const app = views.checked(id);
    if (app === null) throw new GatewayError('resource.unknown', 'There is no such app.');
    return app;
  };
  const look = async (app: CheckedApp, sinceMs: number): Promise<LiveCheckView> => {
    const check = checkSignIn(app, apps.watch.traceOf(app.clientId), { nowMs: deps.clock.nowMs(), sinceMs });
    const { personId, shown, steps, ...rest } = check;
    const person = personId === null ? null : await deps.people.find(personId as PersonId);
    return {
      ...rest,
      shown: shown.map((one) => ({ ...one })),
      steps: steps.map((step) => ({ ...step })),
      person: person === null ? null : { id: person.id, name: person.displayName },
    };
  };

  router.get('/apps/:id/live-check', async (request, response) => {
    await requireReader(deps, request);
    const { since } = parseQuery(querySchema, request);
    // Branded where it enters, and looked up at once.
    respond(response, liveCheckSchema, await look(requireApp(parseId(request) as AppId), since));
  });

  router.get('/apps/:id/live-check/events', async (request, response) => {
    const { operator } = await requireReader(deps, request);
    const { since } = parseQuery(querySchema, request);
    const id = parseId(request) as AppId;
    const app = requireApp(id);
    const total = [...watchers.values()].reduce((sum, count) => sum + count, 0);
    const own = watchers.get(operator.id) ?? 0;
    if (total >= LIVE_CHECKS_MAX || own >= LIVE_CHECKS_PER_PERSON_MAX) {
      throw new GatewayError('request.rate_limited', 'Too many live checks are open. Close one and try again.');
    }
    watchers.set(operator.id, own + 1);
    stream(response, {
      // Its addresses may be corrected while somebody watches.
      look: () => look(views.checked(id) ?? app, since),
      isAllowed: () => requireReader(deps, request).then(() => views.checked(id) !== null),
      subscribe: (listener) => apps.watch.subscribe(app.clientId, listener),
      onEnd: () => {
        const left = (watchers.get(operator.id) ?? 1) - 1;
        if (left === 0) watchers.delete(operator.id);
        else watchers.set(operator.id, left);
      },
    });
  });
}

interface Stream {
  readonly look: () => Promise<LiveCheckView>;
  /** A failure is a no. */
  readonly isAllowed: () => Promise<boolean>;
  readonly subscribe: (listener: () => void) => () => void;
  readonly onEnd: () => void;
}

/** Sends what there is to see at once, and whenever it has become something else. Looks one after the other. */
function stream(response: Response, { isAllowed, look, onEnd, subscribe }: Stream): void {
  let sent = '';
  let isLooking = false;
  let isStale = false;
  const end = (): void => void response.end();

  const send = async (): Promise<void> => {
    if (isLooking) {
      isStale = true;
      return;
    }
    isLooking = true;
    do {
      isStale = false;
      const text = JSON.stringify(liveCheckSchema.parse(await look()));
      if (text !== sent && !response.writableEnded) response.write(`event: check\ndata: ${text}\n\n`);
      sent = text;
      // Set by a listener while this one looked.
    } while (isStale as boolean);
    isLooking = false;
  };
  const sendOrEnd = (): void => void send().catch(end);
  const tick = setInterval(() => {
    if (response.writableLength > UNSENT_BYTES_MAX) return void response.destroy();
    isAllowed().then((allowed) => (allowed ? sendOrEnd() : end()), end);
    if (!response.writableEnded) response.write(': still here\n\n');
  }, LIVE_CHECK_TICK_MS);
  const unsubscribe = subscribe(sendOrEnd);
  response.on('close', () => {
    clearInterval(tick);
    unsubscribe();
    onEnd();
  });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  response.write(': watching\n\n');
  sendOrEnd();
}
