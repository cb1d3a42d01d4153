import express, { type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as admin from '#gateway/http/contract/admin.ts';
import { errorBodySchema } from '#gateway/http/contract/common.ts';
import { importReportSchema, type ImportBody } from '#gateway/http/contract/people-import.ts';
import { createSecurityHeaders } from '#gateway/http/middleware/security-headers.ts';
import * as data from './fake-data.ts';
import { fakeFaceRoutes, fakeReaderTemplateRoutes, someFaces, type FakeFaces } from './fake-faces.ts';
import { fakeOperationRoutes } from './fake-operations.ts';
import { fakeRecoveryRoutes, noRecovery, type FakeRecovery } from './fake-recovery.ts';
import { fakePolicyRoutes } from './fake-policy.ts';
import { createFakePolicyData, type FakePolicyData } from './fake-policy-data.ts';
import { fakeLines } from './fake-readers.ts';
import { fakeComputerRoutes } from '../desk/fake-computers.ts';
import { fakePortalRoutes, firstPortalState, type FakePortalState } from './portal-fake-api.ts';
import { fakeActionRoutes } from './fake-actions.ts';
import { fakeDemoRoutes } from './fake-demo.ts';
import { fakeReadRoutes } from './fake-reads.ts';
import { fakeSignInRoutes } from './fake-sign-in.ts';
import { answer, refuse, type ConsoleFakeState, type LogRecord, type World } from './fake-world.ts';

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
const DIST = fileURLToPath(new URL('../../../admin-ui/dist', import.meta.url));

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
  fakeSignInRoutes(world);
  fakeDemoRoutes(world);
  fakePortalRoutes(app, portal, answer);
  app.use('/api', (_request, response, next) => (state.operator === null ? refuse(response, 401, 'authentication.missing') : next()));
  app.post('/api/people/import', (request, response) =>
    state.importReport === null
      ? refuse(response, 403, 'operator.not_authorized')
      : answer(response, importReportSchema, state.importReport(request.body as ImportBody)),
  );
  fakeReadRoutes(world);
  fakeOperationRoutes(app, answer);
  fakeFaceRoutes(app, faces, answer);
  fakeReaderTemplateRoutes(app, faces, answer);
  fakeComputerRoutes(app, answer);
  fakeRecoveryRoutes(app, recovery, answer);
  policyData.routes(app, answer);
  fakePolicyRoutes(app, answer);
  fakeActionRoutes(world);
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
