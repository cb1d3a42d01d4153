import express, { type Router } from 'express';
import { z } from 'zod';
import type { AuditLog, AuditReader } from '../../ports/audit-log.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { IdentityProvider } from '../../oidc/identity-provider.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import { respond } from '../middleware/respond.ts';

export const liveSchema = z.strictObject({ live: z.literal(true) });
const partSchema = z.enum(['ok', 'failed']);
export const readySchema = z.strictObject({ ready: z.boolean(), store: partSchema, log: partSchema, doors: partSchema });

interface Deps {
  readonly people: PeopleStore;
  readonly oidc: Pick<IdentityProvider, 'isWritable'>;
  readonly audit: Pick<AuditLog, 'isWritable'>;
  readonly auditReader: AuditReader;
  readonly doorNode: DoorNode;
}

async function probe(ask: () => Promise<unknown>): Promise<'ok' | 'failed'> {
  return ask().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
}

/** For supervisors and load balancers, under any host name. Says which part failed, and nothing else. */
export function createHealthRoutes(deps: Deps): Router {
  const router = express.Router();
  router.get('/livez', (_request, response) => {
    respond(response, liveSchema, { live: true });
  });
  router.get('/readyz', async (_request, response) => {
    const [readableStore, readable] = await Promise.all([
      probe(async () => deps.people.epoch()),
      probe(async () => deps.auditReader.headSeq()),
    ]);
    // A store whose writing thread is gone signs nobody in; a log that can be read and not written denies everything.
    const store = deps.oidc.isWritable() ? readableStore : 'failed';
    const log = deps.audit.isWritable() ? readable : 'failed';
    const doors = deps.doorNode.status().state === 'online' ? 'ok' : 'failed';
    const ready = store === 'ok' && log === 'ok' && doors === 'ok';
    respond(response, readySchema, { ready, store, log, doors }, ready ? 200 : 503);
  });
  return router;
}
