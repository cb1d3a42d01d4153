import express, { type Express, type Request, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import * as admin from '#gateway/http/contract/admin.ts';
import { emptySchema, errorBodySchema, reasonBodySchema } from '#gateway/http/contract/common.ts';
import * as demoContract from '#gateway/http/contract/demo.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import * as readers from '#gateway/http/contract/readers.ts';
import { importReportSchema, type ImportBody, type ImportReport } from '#gateway/http/contract/people-import.ts';
import * as signIn from '#gateway/http/contract/sign-in.ts';
import { createSecurityHeaders } from '#gateway/http/middleware/security-headers.ts';
import * as data from './console-fake-data.ts';
import { fakeFaceRoutes, someFaces, type FakeFaces } from './console-fake-faces.ts';
import { fakeOperationRoutes } from './console-fake-operations.ts';
import { fakeRecoveryRoutes, noRecovery, type FakeRecovery } from './console-fake-recovery.ts';
import { fakePolicyRoutes } from './console-fake-policy.ts';
import { createFakePolicyData, type FakePolicyData } from './console-fake-policy-data.ts';
import { fakeFrames, fakeLines, fakeReaders } from './console-fake-readers.ts';
import { fakeComputerRoutes } from './fake-computers.ts';
import { fakePortalRoutes, firstPortalState, type FakePortalState } from './portal-fake-api.ts';

type LogRecord = admin.Entry['record'];

/** What a test may change while the pages are open. */
export interface ConsoleFakeState {
  operator: { id: string; displayName: string; roles: string[] } | null;
  actions: string[];
  demo: boolean;
  people: admin.PersonView[];
  doors: admin.DoorView[];
  lines: readers.ReaderLineView[];
  reinstatement: admin.PersonDetail['reinstatement'];
  interaction: signIn.InteractionView | null;
  /** What a table of people leads to. */
  importReport: ((body: ImportBody) => ImportReport) | null;
  enrolmentOpen: boolean;
  networkZone: demoContract.DemoView['networkZone'];
  /** Path prefix -> the error that it answers instead. */
  readonly errors: Map<string, { status: number; code: string; message: string; decisionId?: string; field?: string }>;
  /** Path prefix -> how long its answer is held back. */
  readonly delaysMs: Map<string, number>;
  streamsRefused: boolean;
}

export interface ConsoleFakeApi {
  readonly origin: string;
  readonly state: ConsoleFakeState;
  readonly policyData: FakePolicyData;
  readonly faces: FakeFaces;
  /** People's own side. */
  readonly portal: FakePortalState;
  readonly recovery: FakeRecovery;
  /** Writes a record to the log and to every open stream. */
  readonly push: (record: LogRecord) => void;
  readonly dropStreams: () => void;
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

const OPERATOR_ACTIONS = ['console.read', 'person.suspend', 'person.reinstate', 'person.enrol', 'door.operate', 'reader.maintain'];
const DIST = fileURLToPath(new URL('../../admin-ui/dist', import.meta.url));

/**
 * The console's API in memory, answering through the contract's own schemas and with the gateway's real security headers, so that
 * the pages are tried before and apart from the gateway. Passkey answers are taken as they come: the real check is the gateway's.
 */
export async function startConsoleFakeApi(): Promise<ConsoleFakeApi> {
  const state: ConsoleFakeState = {
    operator: null,
    actions: OPERATOR_ACTIONS,
    demo: true,
    people: structuredClone([...data.people]),
    doors: structuredClone([...data.doors]),
    lines: structuredClone([...fakeLines]),
    reinstatement: null,
    interaction: { appName: 'Server console', prompt: 'login', denied: null },
    importReport: null,
    enrolmentOpen: true,
    networkZone: null,
    errors: new Map(),
    delaysMs: new Map(),
    streamsRefused: false,
  };
  const policyData = createFakePolicyData();
  const faces = someFaces();
  const portal = firstPortalState();
  const recovery = noRecovery();
  const log: admin.Entry[] = [];
  const streams = new Set<Response>();
  const requests: string[] = [];
  const push = (record: LogRecord): void => {
    const seq = log.length + 1;
    const entry = admin.entrySchema.parse({ seq, arrivedAtMs: Date.now(), hash: seq.toString(16).padStart(64, '0'), record });
    log.push(entry);
    for (const stream of streams) stream.write(`event: entry\nid: ${String(seq)}\ndata: ${JSON.stringify(entry)}\n\n`);
  };
  for (const record of data.firstRecords()) push(record);

  const app = express();
  const server = app.listen(0, 'localhost');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://localhost:${String((server.address() as AddressInfo).port)}`;
  app.use(createSecurityHeaders({ publicUrl: origin, formOrigins: [] }));
  app.use(express.json());
  const world: World = { app, state, log, streams, push };
  app.use('/api', async (request, response, next) => {
    requests.push(`${request.method} ${request.originalUrl}`);
    const delay = [...state.delaysMs].find(([prefix]) => request.originalUrl.startsWith(prefix))?.[1] ?? 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const error = [...state.errors].find(([prefix]) => request.originalUrl.startsWith(prefix))?.[1];
    if (error === undefined) return next();
    const { status, ...body } = error;
    return answer(response.status(status), errorBodySchema, { error: body });
  });
  signInRoutes(world);
  demoRoutes(world);
  fakePortalRoutes(app, portal, answer);
  app.use('/api', (_request, response, next) => (state.operator === null ? refuse(response, 401, 'authentication.missing') : next()));
  app.post('/api/people/import', (request, response) =>
    state.importReport === null
      ? refuse(response, 403, 'operator.not_authorized')
      : answer(response, importReportSchema, state.importReport(request.body as ImportBody)),
  );
  readRoutes(world);
  fakeOperationRoutes(app, answer);
  fakeFaceRoutes(app, faces, answer);
  fakeComputerRoutes(app, answer);
  fakeRecoveryRoutes(app, recovery, answer);
  policyData.routes(app, answer);
  fakePolicyRoutes(app, answer);
  actionRoutes(world);
  app.use('/api', (_request, response) => refuse(response, 404, 'request.not_found'));
  app.use(express.static(DIST));
  app.get('/back-at-app', (_request, response) => void response.type('html').send('<!doctype html><title>app</title>back'));
  app.use((_request, response) => response.sendFile('index.html', { root: DIST }));
  const dropStreams = (): void => {
    for (const stream of streams) stream.destroy();
    streams.clear();
  };
  const close = (): Promise<void> => {
    dropStreams();
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  return { origin, state, policyData, faces, portal, recovery, push, dropStreams, requests, close };
}

interface World {
  readonly app: Express;
  readonly state: ConsoleFakeState;
  readonly log: admin.Entry[];
  readonly streams: Set<Response>;
  readonly push: (record: LogRecord) => void;
}

function answer<T>(response: Response, schema: z.ZodType<T>, value: T): void {
  response.json(schema.parse(value));
}

function refuse(response: Response, status: number, code: string, decisionId?: string): void {
  const message = explainReasons([code])[0]?.message ?? code;
  answer(response.status(status), errorBodySchema, { error: { code, message, ...(decisionId === undefined ? {} : { decisionId }) } });
}

const challenge = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');

function signInRoutes({ app, state }: World): void {
  const assertion = (_request: Request, response: Response) =>
    answer(response, signIn.assertionOptionsSchema, {
      ceremonyId: 'cer_1',
      options: { challenge: challenge(), rpId: 'localhost', timeout: 60_000, userVerification: 'required', allowCredentials: [] },
    });
  const session = (): signIn.ConsoleSessionView => ({
    person: state.operator,
    actions: state.operator === null ? [] : state.actions,
    demo: state.demo,
  });
  app.get('/api/session', (_request, response) => answer(response, signIn.consoleSessionSchema, session()));
  app.post('/api/session/options', assertion);
  app.post('/api/session', (request, response) => {
    signIn.ceremonyResponseSchema.parse(request.body);
    state.operator = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
    answer(response, signIn.consoleSessionSchema, session());
  });
  app.delete('/api/session', (_request, response) => {
    state.operator = null;
    answer(response, emptySchema, {});
  });
  app.get('/api/interaction/:uid', (_request, response) =>
    state.interaction === null ? refuse(response, 404, 'request.not_found') : answer(response, signIn.interactionSchema, state.interaction),
  );
  app.post('/api/interaction/:uid/options', assertion);
  app.post('/api/interaction/:uid/:step', (_request, response) => answer(response, signIn.continueSchema, { redirectTo: '/back-at-app' }));
  app.post('/api/enrolment/options', (request, response) => {
    signIn.enrolmentRequestSchema.parse(request.body);
    if (!state.enrolmentOpen) return refuse(response, 404, 'request.not_found');
    return answer(response, signIn.enrolmentOptionsSchema, {
      ceremonyId: 'cer_2',
      displayName: 'Ada Okafor',
      expiresAtMs: Date.now() + 900_000,
      options: {
        challenge: challenge(),
        rp: { id: 'localhost', name: 'Gatehouse' },
        user: { id: 'dXNyX2FkYQ', name: 'ada@demo.example', displayName: 'Ada Okafor' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
    });
  });
  app.post('/api/enrolment/verify', (request, response) => {
    signIn.ceremonyResponseSchema.parse(request.body);
    answer(response, signIn.enrolledSchema, { displayName: 'Ada Okafor', console: true });
  });
}

function demoRoutes({ app, state, push }: World): void {
  app.get('/api/demo', (_request, response) =>
    state.demo
      ? answer(response, demoContract.demoSchema, { ...data.demo, networkZone: state.networkZone })
      : refuse(response, 404, 'request.not_found'),
  );
  app.post('/api/demo/badge', (request, response) => {
    const { personId, readerId } = demoContract.demoBadgeSchema.parse(request.body);
    const standing = state.people.find(({ id }) => id === personId)?.standing;
    const decisionId = `dec_demo_${String(Date.now())}`;
    const resourceId = readerId.replace(/_(in|out)$/, '');
    const denied = standing === 'suspended';
    if (!denied && data.demo.readers.find(({ id }) => id === readerId)?.hasKeypad === true) {
      answer(response, demoContract.demoBadgeResultSchema, { outcome: 'pin_wanted', decisionId, reasons: [] });
      return;
    }
    push(
      data.decision(decisionId, {
        personId,
        resourceId,
        ...(denied ? { effect: 'deny', reasons: ['subject.suspended'], permits: [] } : {}),
      }),
    );
    answer(response, demoContract.demoBadgeResultSchema, {
      outcome: denied ? 'denied' : 'granted',
      decisionId,
      reasons: denied ? ['subject.suspended'] : [],
    });
  });
  app.post('/api/demo/keys', (request, response) => {
    const { personId, keys } = demoContract.demoKeysSchema.parse(request.body);
    const isRight = keys === `${data.demo.people.find(({ id }) => id === personId)?.pins?.pin ?? ''}#`;
    answer(response, demoContract.demoBadgeResultSchema, {
      outcome: isRight ? 'granted' : 'denied',
      decisionId: 'dec_demo_keys',
      reasons: isRight ? [] : ['pin.invalid'],
    });
  });
  app.post('/api/demo/exit', (request, response) => {
    demoContract.demoExitSchema.parse(request.body);
    answer(response, demoContract.demoExitResultSchema, { outcome: 'released' });
  });
  app.post('/api/demo/network', (request, response) => {
    state.networkZone = demoContract.demoNetworkSchema.parse(request.body).zone;
    answer(response, emptySchema, {});
  });
}

function readRoutes({ app, state, log, streams }: World): void {
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

function actionRoutes({ app, state, push }: World): void {
  const setStanding = (id: string, standing: admin.PersonView['standing']): void => {
    state.people = state.people.map((view) => (view.id === id ? { ...view, standing } : view));
  };
  app.post('/api/people/:id/suspend', (request, response) => {
    const { reason } = reasonBodySchema.parse(request.body);
    const { id } = request.params;
    const nowMs = Date.now();
    setStanding(id, 'suspended');
    push({
      type: 'standing',
      occurredAtMs: nowMs,
      personId: id,
      from: 'active',
      to: 'suspended',
      operators: ['usr_ada'],
      reason,
      epoch: 8,
      decisionId: 'dec_sus',
    });
    answer(response, admin.suspendResultSchema, {
      decisionId: 'dec_sus',
      receipt: {
        personId: id,
        epoch: 8,
        state: 'contained',
        requestedAtMs: nowMs,
        targets: [
          { target: 'policy_gate', method: 'local_transaction', acknowledgedAtMs: nowMs + 3, count: 0 },
          { target: 'door_node', method: 'epoch_push', acknowledgedAtMs: nowMs + 9, count: 6 },
          { target: 'oidc_sessions', method: 'destroyed', acknowledgedAtMs: nowMs + 14, count: 2 },
        ],
      },
    });
  });
  app.post('/api/people/:id/reinstate', (request, response) => {
    const { reason } = reasonBodySchema.parse(request.body);
    const operator = state.operator;
    if (operator === null) return refuse(response, 401, 'authentication.missing');
    if (state.reinstatement === null) {
      const expiresAtMs = Date.now() + 900_000;
      state.reinstatement = { requestedBy: operator.displayName, requestedById: operator.id, reason, expiresAtMs };
      return answer(response, admin.reinstateResultSchema, { state: 'waiting_for_second_operator', decisionId: 'dec_re1', expiresAtMs });
    }
    if (state.reinstatement.requestedById === operator.id) return refuse(response, 403, 'operator.same_person', 'dec_re2');
    state.reinstatement = null;
    setStanding(request.params.id, 'active');
    return answer(response, admin.reinstateResultSchema, { state: 'reinstated', decisionId: 'dec_re3', epoch: 9 });
  });
  app.post('/api/people/:id/enrolment', (_request, response) =>
    answer(response, admin.enrolmentLinkSchema, {
      url: 'http://localhost/enrol#token=' + 'k'.repeat(32),
      expiresAtMs: Date.now() + 900_000,
    }),
  );
  app.post('/api/session/cli-token', (_request, response) =>
    answer(response, admin.cliTokenSchema, { token: 'ghc_' + 'x'.repeat(40), expiresAtMs: Date.now() + 28_800_000 }),
  );
  app.post('/api/doors/:id/release', (request, response) => {
    reasonBodySchema.parse(request.body);
    answer(response, admin.releaseResultSchema, { decisionId: 'dec_rel', released: true, detail: '' });
  });
}
