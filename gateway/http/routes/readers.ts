import type { Router } from 'express';
import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { Reader } from '../../domain/site/site.ts';
import type { ReaderStatus } from '../../ports/reader-watch.ts';
import { requireReader } from '../callers.ts';
import { readerDetailSchema, readerFramesSchema, readerLinesSchema, readersSchema, type ReaderView } from '../contract/readers.ts';
import { parseId, parseQuery } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const framesQuerySchema = z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0) });

/** Readers, and what happens on their lines. For whoever may see the doors. */
export function registerReaderRoutes(router: Router, deps: RouteDeps): void {
  router.get('/readers', async (request, response) => {
    await requireReader(deps, request);
    respond(response, readersSchema, { readers: await listReaders(deps) });
  });

  router.get('/reader-lines', async (request, response) => {
    await requireReader(deps, request);
    const lines = await deps.doorNode.watch.lines();
    respond(response, readerLinesSchema, { lines: lines.map((line) => ({ ...line, readers: [...line.readers] })) });
  });

  router.get('/readers/:id', async (request, response) => {
    await requireReader(deps, request);
    const id = parseId(request);
    const reader = (await listReaders(deps)).find((candidate) => candidate.id === id);
    if (reader === undefined) throw unknown();
    respond(response, readerDetailSchema, { reader });
  });

  router.get('/readers/:id/frames', async (request, response) => {
    await requireReader(deps, request);
    const { after } = parseQuery(framesQuerySchema, request);
    const id = parseId(request);
    const reader = deps.sites.installation.readers.find((candidate) => candidate.id === id);
    const frames = reader === undefined ? null : await deps.doorNode.watch.frames(reader.id, after);
    if (frames === null) throw unknown();
    respond(response, readerFramesSchema, {
      ...frames,
      frames: frames.frames.map(({ seq, view }) => ({
        seq,
        view: view.kind === 'broken' ? view : { ...view, anomalies: [...view.anomalies] },
      })),
    });
  });
}

async function listReaders({ sites, doorNode }: RouteDeps): Promise<ReaderView[]> {
  const { readers } = sites.installation;
  const statuses = new Map((await doorNode.watch.readers()).map((status) => [status.readerId, status]));
  return readers.flatMap((reader) => {
    const status = statuses.get(reader.id);
    return status === undefined ? [] : [toView(reader, status, sites.door(reader.doorId)?.name ?? reader.doorId)];
  });
}

function toView({ biometrics, id, name, doorId, side }: Reader, status: ReaderStatus, doorName: string): ReaderView {
  const { busId, address, isOnline: online, sinceMs, offlineCause, identity, condition, traffic, alarms } = status;
  return {
    ...{ id, name, doorId, doorName, side, busId, address, online, sinceMs, offlineCause, identity, condition, traffic, alarms },
    biometrics: biometrics === undefined ? null : { type: biometrics.type, format: biometrics.format },
  };
}

function unknown(): GatewayError {
  return new GatewayError('resource.unknown', 'This reader is not known.');
}
