import type { Request } from 'express';
import * as admin from '#gateway/http/contract/admin.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import * as readers from '#gateway/http/contract/readers.ts';
import * as data from './fake-data.ts';
import { fakeFrames, fakeReaders } from './fake-readers.ts';
import { answer, refuse, type World } from './fake-world.ts';

export function fakeReadRoutes({ app, state, log, streams }: World): void {
  app.get('/api/people', (_request, response) => answer(response, admin.peopleSchema, { people: state.people, next: null }));
  app.get('/api/people/:id', (request, response) => {
    const view = state.people.find(({ id }) => id === request.params.id);
    if (view === undefined) return refuse(response, 404, 'subject.unknown');
    const reinstatement = view.standing === 'suspended' ? state.reinstatement : null;
    return answer(response, admin.personDetailSchema, { ...data.detailOf(view), reinstatement });
  });
  app.get('/api/doors', (_request, response) => answer(response, admin.doorsSchema, { doors: state.doors }));
  app.get('/api/readers', (_request, response) => answer(response, readers.readersSchema, { readers: [...fakeReaders] }));
  app.get('/api/reader-lines', (_request, response) => answer(response, readers.readerLinesSchema, { lines: state.lines }));
  app.get('/api/readers/:id', (request, response) => {
    const reader = fakeReaders.find(({ id }) => id === request.params.id);
    if (reader === undefined) return refuse(response, 404, 'resource.unknown');
    return answer(response, readers.readerDetailSchema, { reader });
  });
  app.get('/api/readers/:id/frames', (request, response) =>
    answer(response, readers.readerFramesSchema, fakeFrames(Number(request.query['after'] ?? 0))),
  );
  app.get('/api/directory', (_request, response) => answer(response, admin.directorySchema, data.directory));
  app.get('/api/status', (_request, response) => {
    const revisions = { policyRevision: '3'.repeat(64), dataRevision: '591785b794601e212b260e25925636fd' };
    const node = { epoch: 7, headSeq: log.length, doorNode: 'online', doorNodeEpoch: 7, startedAtMs: Date.now() - 900_000 } as const;
    answer(response, admin.statusSchema, { ...revisions, ...node });
  });
  app.get('/api/log', (request, response) => answer(response, admin.logPageSchema, logPage(log, request.query)));
  app.get('/api/decisions/:id', (request, response) => {
    const entries = log.filter(({ record }) => 'decisionId' in record && record.decisionId === request.params.id);
    const first = entries[0]?.record;
    if (first?.type !== 'decision') return refuse(response, 404, 'request.not_found');
    return answer(response, admin.decisionDetailSchema, { entries, reasons: [...explainReasons(first.reasons)] });
  });
  app.get('/api/events', (request, response) => {
    if (state.streamsRefused) return refuse(response, 503, 'store.unavailable');
    const after = Number(request.get('last-event-id') ?? log.length);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': listening\n\n');
    for (const entry of log.slice(after)) response.write(`event: entry\nid: ${String(entry.seq)}\ndata: ${JSON.stringify(entry)}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
    return undefined;
  });
}

function logPage(log: readonly admin.Entry[], query: Request['query']): admin.LogPage {
  const text = (name: string): string | undefined => (typeof query[name] === 'string' ? query[name] : undefined);
  const before = Number(text('before') ?? log.length + 1);
  const types = text('types')?.split(',');
  const [person, resource, limit] = [text('person'), text('resource'), Number(text('limit') ?? 50)];
  const found = log.toReversed().filter(({ seq, record }) => {
    const facts = JSON.stringify(record);
    if (seq >= before || (types !== undefined && !types.includes(record.type))) return false;
    return (
      (person === undefined || facts.includes(`"personId":"${person}"`)) && (resource === undefined || facts.includes(`"${resource}"`))
    );
  });
  return { entries: found.slice(0, limit), next: found.length > limit ? (found[limit - 1]?.seq ?? null) : null };
}
