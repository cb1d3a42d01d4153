import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, ConnectByCertificate, ConnectOutcome } from '../app/vpn/types.ts';
import type { PushConnect } from '../app/vpn/push.ts';
import type { VpnSessions } from '../app/vpn/sessions.ts';
import type { VpnRealmId } from '../domain/site/ids.ts';
import { readJson } from '../http/authzen/read-json.ts';
import type { LeanFace } from '../http/lean/lean-face.ts';
import { bearerKeyOf, isKeyOf } from '../http/lean/bearer-key.ts';
import type { Logger } from '../platform/logger.ts';
import type { Clock } from '../ports/clock.ts';
import { createAnswerMemory, type AnswerMemory } from './answer-memory.ts';
import { TOO_MANY_ATTEMPTS, type AttemptLimits } from './attempt-limits.ts';
import {
  certificateOf,
  decisionIdOf,
  ipOf,
  nasOf,
  parseAttributes,
  pushWordOf,
  toAccountingEvent,
  type RadiusAttributes,
} from './radius-request.ts';

const PATHS = /^\/api\/vpn\/([a-z0-9][a-z0-9_-]{0,62})\/(authenticate|push|post-auth|accounting|certificate)$/;
/** What the shipped FreeRADIUS configuration puts into each request, at random: joins the two calls about one packet. */
const PACKET_ID = 'Tmp-String-9';

export interface VpnRadiusFaceDeps {
  readonly realms: readonly { readonly realmId: VpnRealmId; readonly keySha256: string | null }[];
  readonly connect: Connect;
  readonly push: PushConnect;
  readonly connectByCertificate: ConnectByCertificate;
  readonly sessions: Pick<VpnSessions, 'alive' | 'stopped' | 'serverStarted'>;
  readonly limits: AttemptLimits;
  readonly clock: Clock;
  readonly log: Logger;
}

export type VpnRadiusFace = LeanFace;

type Reply = {
  readonly status: 200 | 204 | 400 | 401 | 404 | 405 | 413 | 500;
  readonly attributes?: Readonly<Record<string, string | number>>;
};

/**
 * For FreeRADIUS's rlm_rest: `authenticate`, and `push` once the person has used a passkey, answer 204 or 401 (a 200 with attributes would
 * count as "updated", which rejects), `post-auth` what the VPN client is told, `accounting` 204; `certificate`, in the `authorize` of EAP-TLS,
 * answers and tells at once. A RADIUS server has no cookies and no name of the gateway: only its realm's key counts.
 */
export function createVpnRadiusFace(deps: VpnRadiusFaceDeps): VpnRadiusFace {
  const answers = createAnswerMemory<ConnectOutcome>(deps.clock);
  const calls = {
    authenticate: (realmId: VpnRealmId, attributes: RadiusAttributes) => authenticate(deps, answers, realmId, attributes),
    push: (realmId: VpnRealmId, attributes: RadiusAttributes) => authenticateByPush(deps, answers, realmId, attributes),
    'post-auth': async (_realmId: VpnRealmId, attributes: RadiusAttributes): Promise<Reply> => {
      const answer = answers.take(attributes(PACKET_ID) ?? '');
      return answer === null ? { status: 204 } : { status: 200, attributes: toReplyAttributes(answer) };
    },
    accounting: (realmId: VpnRealmId, attributes: RadiusAttributes) => account(deps, realmId, attributes),
    certificate: (realmId: VpnRealmId, attributes: RadiusAttributes) => authenticateCertificate(deps, realmId, attributes),
  } as const;

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const [, realmId = '', call] = PATHS.exec(pathOf(request)) ?? [];
    const realm = deps.realms.find((one) => one.realmId === realmId);
    if (realm === undefined) return { status: 404 };
    if (request.method !== 'POST') return { status: 405 };
    if (!hasKey(request, realm.keySha256)) {
      deps.log.warn('vpn.key_refused', { realm: realmId });
      return { status: 401 };
    }
    const body = await readJson(request);
    if (body.kind === 'refused') return { status: body.status };
    const attributes = parseAttributes(body.value);
    return attributes === null ? { status: 400 } : calls[call as keyof typeof calls](realm.realmId, attributes);
  };

  return {
    routes: Object.keys(calls).map((call) => `post /api/vpn/:realmId/${call}`),
    handles: (url) => PATHS.test(url.split('?', 1)[0] ?? ''),
    handle: (request, response) => {
      answer(request)
        .catch((failure: unknown): Reply => {
          deps.log.error('vpn.failed', { path: pathOf(request) }, failure);
          return { status: 500 };
        })
        .then((reply) => send(request, response, reply))
        .catch(() => response.destroy());
    },
  };
}

async function authenticate(
  { connect, limits }: VpnRadiusFaceDeps,
  answers: AnswerMemory<ConnectOutcome>,
  realmId: VpnRealmId,
  attributes: RadiusAttributes,
): Promise<Reply> {
  const userName = attributes('User-Name');
  const code = attributes('User-Password');
  if (userName === null || code === null) return { status: 401 };
  const ip = ipOf(attributes);
  const outcome = await limits.run({ realmId, userName, ip }, () => connect({ realmId, userName, code, ip }));
  const packetId = attributes(PACKET_ID);
  if (packetId !== null) answers.keep(packetId, outcome ?? { ok: false, message: TOO_MANY_ATTEMPTS });
  return { status: outcome?.ok === true ? 204 : 401 };
}

/** Held until the person has answered, or does not: FreeRADIUS waits longer for it than for a code. */
async function authenticateByPush(
  { limits, push }: VpnRadiusFaceDeps,
  answers: AnswerMemory<ConnectOutcome>,
  realmId: VpnRealmId,
  attributes: RadiusAttributes,
): Promise<Reply> {
  const userName = attributes('User-Name');
  const typed = pushWordOf(attributes);
  if (userName === null || typed === null) return { status: 401 };
  const [ip, nas] = [ipOf(attributes), nasOf(attributes)];
  const outcome = await limits.run({ realmId, userName, ip }, () => push({ realmId, userName, ip, nas, ...typed }));
  const packetId = attributes(PACKET_ID);
  if (packetId !== null) answers.keep(packetId, outcome ?? { ok: false, message: TOO_MANY_ATTEMPTS });
  return { status: outcome?.ok === true ? 204 : 401 };
}

/** Asked once the handshake is over. What is not answered in full lets nobody in, whatever FreeRADIUS makes of it. */
async function authenticateCertificate(
  { connectByCertificate, limits }: VpnRadiusFaceDeps,
  realmId: VpnRealmId,
  attributes: RadiusAttributes,
): Promise<Reply> {
  const certificate = certificateOf(attributes);
  if (certificate === null) return { status: 401 };
  const ip = ipOf(attributes);
  // A computer that asks again and again counts for itself: at a Wi-Fi nobody has an address yet, and all would share one count.
  const computer = `certificate ${certificate.names[0] ?? ''}`;
  const outcome = await limits.run({ realmId, userName: computer, ip: computer }, () =>
    connectByCertificate({ realmId, ip, ...certificate }),
  );
  const answer = outcome ?? { ok: false, message: TOO_MANY_ATTEMPTS };
  return { status: answer.ok ? 200 : 401, attributes: toReplyAttributes(answer) };
}

/** Answered when it is done: a RADIUS server that hears nothing tells again. */
async function account({ sessions }: VpnRadiusFaceDeps, realmId: VpnRealmId, attributes: RadiusAttributes): Promise<Reply> {
  const event = toAccountingEvent(attributes);
  if (event === null) return { status: 400 };
  switch (event.kind) {
    case 'start':
    case 'interim': {
      const { kind: sign, serverSessionId, userName } = event;
      const [ip, nas, decisionId] = [ipOf(attributes), nasOf(attributes), decisionIdOf(attributes)];
      await sessions.alive({ realmId, serverSessionId, userName, sign, ip, nas, decisionId });
      return { status: 204 };
    }
    case 'stopped':
      await sessions.stopped(realmId, event.serverSessionId, event.cause);
      return { status: 204 };
    case 'server_started':
      await sessions.serverStarted(realmId, nasOf(attributes));
      return { status: 204 };
    case 'other':
      return { status: 204 };
  }
}

function toReplyAttributes(outcome: ConnectOutcome): Readonly<Record<string, string | number>> {
  if (!outcome.ok) return { 'Reply-Message': outcome.message };
  const { decisionId, interimS, sessionTtlS, userName, vlan = null } = outcome;
  return {
    Class: decisionId,
    'Session-Timeout': sessionTtlS,
    'Acct-Interim-Interval': interimS,
    // By this name, and not by what was typed, accounting tells of the session (RFC 2865 5.1); then the certificate is asked for again.
    ...(userName === undefined ? {} : { 'User-Name': userName, 'Termination-Action': 'RADIUS-Request' }),
    // RFC 3580 3.31
    ...(vlan === null ? {} : { 'Tunnel-Type': 'VLAN', 'Tunnel-Medium-Type': 'IEEE-802', 'Tunnel-Private-Group-Id': String(vlan) }),
  };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

function hasKey(request: IncomingMessage, keySha256: string | null): boolean {
  const key = bearerKeyOf(request);
  return key !== null && keySha256 !== null && isKeyOf(key, keySha256);
}

function send(request: IncomingMessage, response: ServerResponse, { attributes, status }: Reply): void {
  // rlm_rest would expand %{...} in a value unless it is told not to.
  const entries = Object.entries(attributes ?? {}).map(([name, value]) => [`reply:${name}`, { op: ':=', do_xlat: false, value: [value] }]);
  const body = attributes === undefined ? '' : JSON.stringify(Object.fromEntries(entries));
  response.writeHead(status, {
    'cache-control': 'no-store',
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
}
