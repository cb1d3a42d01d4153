import type { Express, Response } from 'express';
import type { z } from 'zod';
import { emptySchema, errorBodySchema } from '#gateway/http/contract/common.ts';
import type { Language } from '#gateway/http/contract/language.ts';
import type { ComputerView } from '#gateway/http/contract/me-computers.ts';
import * as me from '#gateway/http/contract/me.ts';
import * as vpn from '#gateway/http/contract/vpn.ts';
import { assertionOptionsSchema } from '#gateway/http/contract/sign-in.ts';
import { fakeOwnComputerRoutes, someComputers } from '../desk/fake-computers.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a test may change while the pages are open. */
export interface FakePortalState {
  isSignedIn: boolean;
  language: Language | null;
  passkeys: me.PasskeyView[];
  sessions: me.MySession[];
  computers: ComputerView[];
  access: me.AccessItem[];
  log: me.MyLogEntry[];
  /** The `before` of a second page of the log; null = there is none. */
  logNext: number | null;
  /** More is recorded than is looked through. */
  isLogEndless: boolean;
  recovery: me.PasskeysView['recovery'];
  closed: me.ClosedView;
  /** Every change asks for a passkey first, once. */
  isTooOld: boolean;
  /** Another tab confirms while this one asks for the passkey. */
  isConfirmedElsewhere: boolean;
  vpnDenied: boolean;
}

function passkey(id: string, change: Partial<me.PasskeyView>): me.PasskeyView {
  const createdAtMs = Date.now() - 90 * DAY_MS;
  return {
    id,
    name: 'Work laptop',
    kind: 'device',
    backedUp: false,
    createdAtMs,
    lastUsedAtMs: Date.now() - 5 * MINUTE_MS,
    current: false,
    notRemovable: null,
    addedWithIt: [],
    ...change,
  };
}

function session(id: string, kind: me.MySession['kind'], change: Partial<me.MySession> = {}): me.MySession {
  const startedAtMs = Date.now() - 40 * MINUTE_MS;
  const expiresAtMs = Date.now() + 7 * 3_600_000;
  return { id, kind, startedAtMs, expiresAtMs, current: false, apps: [], realmName: null, seenAtMs: null, ...change };
}

function access(
  kind: me.AccessItem['kind'],
  name: string,
  state: me.AccessItem['state'],
  change: Partial<me.AccessItem> = {},
): me.AccessItem {
  return { kind, id: name.toLowerCase(), name, site: 'Headquarters', state, conditions: [], reasons: [], url: null, ...change };
}

function firstLog(): me.MyLogEntry[] {
  const atMs = (minutes: number): number => Date.now() - minutes * MINUTE_MS;
  const nothing = { reasons: [], conditions: [] };
  const decision = { kind: 'decision', network: 'site', ...nothing } as const;
  const door = { kind: 'door', id: 'dor_main', name: 'Main entrance' } as const;
  const room = { kind: 'door', id: 'dor_server', name: 'Server room' } as const;
  const why = [{ code: 'presence.required', params: { area: 'Server room', site: 'Headquarters' } }];
  return [
    { ...decision, seq: 9, atMs: atMs(4), action: 'self.sign_in', effect: 'permit', resource: null, decisionId: 'dec_09' },
    { ...decision, seq: 8, atMs: atMs(12), action: 'door.unlock', effect: 'permit', resource: door, decisionId: 'dec_08', network: 'none' },
    { ...decision, seq: 7, atMs: atMs(80), action: 'door.unlock', effect: 'deny', resource: room, decisionId: 'dec_07', reasons: why },
    { kind: 'session', seq: 6, atMs: atMs(90), event: 'ended', session: 'app', name: 'Wiki', cause: 'signed_out' },
    { kind: 'credential', seq: 5, atMs: atMs(95), event: 'enrolled', credential: 'passkey', name: 'Work laptop', by: 'self', cause: '' },
    { kind: 'standing', seq: 4, atMs: atMs(3_000), to: 'active' },
  ];
}

export function firstPortalState(): FakePortalState {
  const why = (code: string, params: Record<string, string> = {}) => [{ code, params }];
  return {
    isSignedIn: false,
    language: null,
    passkeys: [
      passkey('pk_laptop', { current: true }),
      passkey('pk_phone', { name: 'Phone', kind: 'phone', backedUp: true, lastUsedAtMs: null }),
    ],
    computers: someComputers(),
    sessions: [
      session('ses_me', 'portal', { current: true }),
      session('ses_apps', 'sign_in', { apps: [{ id: 'wiki', name: 'Wiki', startedAtMs: Date.now() - 30 * MINUTE_MS }] }),
      session('ses_vpn', 'vpn', { realmName: 'Staff VPN', expiresAtMs: null, seenAtMs: Date.now() - MINUTE_MS }),
    ],
    access: [
      access('door', 'Main entrance', 'open'),
      access('door', 'Server room', 'closed', { reasons: why('grant.outside_schedule') }),
      access('door', 'Parts cage', 'conditional', { conditions: ['pin', 'second_person'] }),
      access('app', 'Wiki', 'open', { site: null, url: 'https://wiki.example.test/' }),
      access('app', 'Server console', 'closed', {
        site: null,
        reasons: why('presence.required', { area: 'Server room', site: 'Headquarters' }),
      }),
      access('vpn_realm', 'Staff VPN', 'conditional', { conditions: ['step_up'] }),
    ],
    log: firstLog(),
    logNext: null,
    isLogEndless: false,
    recovery: { registered: true, from: 'duty', places: [{ reader: 'Reception', site: 'Headquarters' }] },
    closed: { sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 1, residual: [] },
    isTooOld: false,
    isConfirmedElsewhere: false,
    vpnDenied: false,
  };
}

const challenge = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
const requestOptions = () => ({
  ceremonyId: 'cer_1',
  options: { challenge: challenge(), rpId: 'localhost', timeout: 60_000, userVerification: 'required', allowCredentials: [] },
});

/** People's own side in memory, beside the console's. */
export function fakePortalRoutes(app: Express, state: FakePortalState, answer: Answer): void {
  const refuse = (response: Response, status: number, code: string): void =>
    answer(response.status(status), errorBodySchema, { error: { code, message: code } });
  const view = (): me.MeView => ({
    person: state.isSignedIn ? { id: 'usr_ann', displayName: 'Annegret Hohenstein-Wiesendanger', email: null } : null,
    language: state.isSignedIn ? state.language : null,
    session: null,
    console: true,
  });
  app.get('/api/me', (_request, response) => answer(response, me.meSchema, view()));
  app.post('/api/me/:what/options', (request, response, next) =>
    request.params.what === 'passkeys' ? next() : answer(response, assertionOptionsSchema, requestOptions()),
  );
  app.post('/api/me/session', (_request, response) => {
    state.isSignedIn = true;
    answer(response, me.meSchema, view());
  });
  app.delete('/api/me/session', (_request, response) => {
    state.isSignedIn = false;
    answer(response, emptySchema, {});
  });
  app.use('/api/me', (_request, response, next) => (state.isSignedIn ? next() : refuse(response, 401, 'request.unauthenticated')));
  app.post('/api/me/confirm', (_request, response) => {
    state.isTooOld = false;
    if (state.isConfirmedElsewhere) return refuse(response, 401, 'authentication.failed');
    answer(response, me.meSchema, view());
  });
  app.use('/api/me/passkeys', (request, response, next) =>
    state.isTooOld && request.method !== 'GET' ? refuse(response, 403, 'authentication.too_old') : next(),
  );
  ownThings(app, state, answer);
  fakeOwnComputerRoutes(app, state, answer);
  vpnRoutes(app, state, answer);
}

function ownThings(app: Express, state: FakePortalState, answer: Answer): void {
  app.put('/api/me/language', (request, response) => {
    state.language = me.languageBodySchema.parse(request.body).language;
    answer(response, me.languageBodySchema, { language: state.language });
  });
  app.get('/api/me/passkeys', (_request, response) =>
    answer(response, me.passkeysSchema, { passkeys: state.passkeys, passkeysMax: me.PASSKEYS_MAX, recovery: state.recovery }),
  );
  app.post('/api/me/passkeys/options', (_request, response) =>
    answer(response, me.registrationOptionsSchema, {
      ceremonyId: 'cer_2',
      options: {
        challenge: challenge(),
        rp: { id: 'localhost', name: 'Gatehouse' },
        user: { id: 'dXNyX2Fubg', name: 'ann@example.test', displayName: 'Ann' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
    }),
  );
  app.post('/api/me/passkeys', (request, response) => {
    const { name = 'Passkey 3' } = me.addPasskeySchema.parse(request.body);
    const added = passkey(`pk_${String(state.passkeys.length)}`, { name, lastUsedAtMs: null });
    state.passkeys.push(added);
    answer(response.status(201), me.passkeySchema, added);
  });
  app.patch('/api/me/passkeys/:id', (request, response) => {
    const { name } = me.renamePasskeySchema.parse(request.body);
    state.passkeys = state.passkeys.map((one) => (one.id === request.params.id ? { ...one, name } : one));
    answer(response, me.passkeySchema, state.passkeys.find(({ id }) => id === request.params.id) ?? passkey('gone', {}));
  });
  app.post('/api/me/passkeys/:id/remove', (request, response) => {
    const { because, keep } = me.removePasskeySchema.parse(request.body);
    const added = state.passkeys.find(({ id }) => id === request.params.id)?.addedWithIt ?? [];
    const going = because === 'lost' ? added.filter((id) => !keep.includes(id)) : [];
    state.passkeys = state.passkeys.filter(({ id }) => id !== request.params.id && !going.includes(id));
    answer(response, me.removedSchema, { closed: state.closed });
  });
  app.get('/api/me/sessions', (_request, response) => answer(response, me.mySessionsSchema, { sessions: state.sessions }));
  app.post('/api/me/sessions/:id/close', (request, response) => {
    state.sessions = state.sessions.filter(({ id }) => id !== request.params.id);
    answer(response, me.closedSchema, state.closed);
  });
  app.post('/api/me/sessions/close-others', (_request, response) => {
    state.sessions = state.sessions.filter(({ current }) => current);
    answer(response, me.closedSchema, { ...state.closed, sessions: 2 });
  });
  app.get('/api/me/access', (request, response) => {
    const { kind } = request.query;
    const items = state.access.filter((item) => kind === undefined || item.kind === kind);
    answer(response, me.accessSchema, { atMs: Date.now(), items, next: null });
  });
  app.get('/api/me/overview', (_request, response) => {
    const decisions = state.log.filter((entry) => entry.kind === 'decision');
    const entry = decisions.find(({ action }) => action === 'door.unlock') ?? null;
    const isWhole = !state.isLogEndless;
    answer(response, me.myOverviewSchema, {
      standing: 'active',
      denials: { count: decisions.filter(({ effect }) => effect === 'deny').length, isWhole },
      lastBadge: { entry, isWhole: entry !== null || isWhole },
    });
  });
  app.get('/api/me/log', (_request, response) => answer(response, me.myLogSchema, { entries: state.log, next: state.logNext }));
}

function vpnRoutes(app: Express, state: FakePortalState, answer: Answer): void {
  app.get('/api/vpn/realms', (_request, response) =>
    answer(response, vpn.vpnRealmsSchema, {
      realms: [
        { id: 'staff', name: 'Staff VPN', push: true },
        { id: 'labs', name: 'Labs VPN', push: false },
      ],
    }),
  );
  app.post('/api/vpn/realms/:id/options', (_request, response) => answer(response, assertionOptionsSchema, requestOptions()));
  app.get('/api/vpn/approvals/:id', (_request, response) =>
    answer(response, vpn.vpnApprovalSchema, { realmName: 'Staff VPN', userName: 'ann@example.test', ip: '192.0.2.7', isFromHere: false }),
  );
  app.post('/api/vpn/realms/:id/code', (_request, response) => {
    const reasons = [
      { code: 'grant.missing', message: 'You have no access to this.', remedy: 'Ask its owner or your manager for access.' },
    ];
    const expiresAtMs = Date.now() + 120_000;
    answer(
      response,
      vpn.vpnCodeSchema,
      state.vpnDenied
        ? { outcome: 'denied', decisionId: 'dec_vpn', reasons, atMs: Date.now() }
        : { outcome: 'code', userName: 'ann@example.test', code: '12345678', expiresAtMs },
    );
  });
}
