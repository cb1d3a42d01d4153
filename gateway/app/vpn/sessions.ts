import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { Random } from '../../ports/random.ts';
import type { TunnelName, VpnDisconnect } from '../../ports/vpn-disconnect.ts';
import type { VpnSession, VpnSessionStore } from '../../ports/vpn-session-store.ts';
import type { AuthorizeVpn } from '../access/authorize-vpn.ts';
import { userNamesOf } from './find-user.ts';
import { toNewSession } from './new-session.ts';
import { toSessionRecord } from './session-record.ts';
import type { Tunnel } from './tunnel.ts';
import type { VpnRealmRules } from './types.ts';

/** Signs of life that a tunnel may miss before it counts as gone, and what the last of them may be late, ms. */
const SIGNS_MISSED_MAX = 3;
const SIGN_LATE_MS = 30_000;
/** Tunnels that the gateway ended and of which a server may still speak: what it had sent before is no new session. */
const ENDED_KEPT_MAX = 1_000;
const ENDED_KEPT_MS = 60_000;
/** Sessions that one step of a sweep ends. */
const SWEEP_SESSIONS_MAX = 100;

/** Tunnels that are up, by what VPN servers say. All of these throw store.unavailable and audit.unavailable. */
export interface VpnSessions {
  /**
   * The tunnel came up, or is still up: the policy is asked, and a deny ends it. A tunnel that begins without a permit of late is one of
   * which nobody knows how it came about, which is a deny. Told twice is told once. Does not wait for that end: ocserv lets nobody go before
   * its word of it is answered. Returns whether the tunnel may stay.
   */
  alive(tunnel: Tunnel): Promise<boolean>;
  /** The server ended it. Nothing happens when it is not known. */
  stopped(realmId: VpnRealmId, serverSessionId: string, cause: string): Promise<void>;
  /** The server began anew: it has no tunnels. A realm may have many servers; one that does not say which it is is all of them. */
  serverStarted(realmId: VpnRealmId, nas: string | null): Promise<void>;
  /** These are all tunnels of the realm's server: others have ended. */
  listed(realmId: VpnRealmId, serverSessionIds: ReadonlySet<string>): Promise<void>;
  /** Ends every tunnel of the person, in every realm or in one, and returns how many. @throws vpn.unavailable after all realms were tried */
  endAllOf(personId: PersonId, cause: string, only?: VpnRealmId): Promise<number>;
  /** Ends those that the person's computer began with its certificate, and returns how many. @throws as `endAllOf` */
  endAllOfDevice(device: Pick<DeskDevice, 'id' | 'personId'>, cause: string): Promise<number>;
  /** Forgets tunnels whose server has been silent for too long. */
  sweep(): Promise<void>;
  /** Resolves when every end that `alive` began is over. */
  settled(): Promise<void>;
}

export interface VpnSessionsDeps {
  readonly realms: readonly VpnRealmRules[];
  /** Of realms whose servers can be told. */
  readonly servers: ReadonlyMap<VpnRealmId, VpnDisconnect>;
  readonly people: Pick<PeopleStore, 'find' | 'findByEmail'>;
  readonly sessions: VpnSessionStore;
  readonly oneTime: OneTimeStore;
  readonly authorizeVpn: AuthorizeVpn;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  /** An end that `alive` began and that failed; the next sign of life tries again. */
  readonly onFailure: (failure: unknown) => void;
}

interface Closing {
  readonly realmId: VpnRealmId;
  readonly open: readonly VpnSession[];
  /** Users of whom every tunnel ends. */
  readonly names: readonly string[];
  /** Tunnels that never became sessions. */
  readonly strays?: readonly TunnelName[];
  readonly cause: string;
}

const keyOf = ({ realmId, serverSessionId }: Pick<Tunnel, 'realmId' | 'serverSessionId'>): string => `${realmId} ${serverSessionId}`;

function toSum(closed: readonly PromiseSettledResult<number>[]): number {
  for (const one of closed) if (one.status === 'rejected') throw one.reason;
  return closed.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
}

export function createVpnSessions(deps: VpnSessionsDeps): VpnSessions {
  return new StoredVpnSessions(deps);
}

class StoredVpnSessions implements VpnSessions {
  readonly #deps: VpnSessionsDeps;
  readonly #ending = new Set<Promise<void>>();
  /** Realm and the server's name of the session -> until when it is remembered. */
  readonly #ended = new Map<string, number>();

  constructor(deps: VpnSessionsDeps) {
    this.#deps = deps;
  }

  async alive(tunnel: Tunnel): Promise<boolean> {
    const { sessions, clock } = this.#deps;
    const known = await sessions.find(tunnel.realmId, tunnel.serverSessionId);
    if (known !== null) {
      const nowMs = clock.nowMs();
      // Ended meanwhile: whoever ended it has told the server.
      if (!(await sessions.seen(known.id, nowMs))) return false;
      if (nowMs < this.#expiryOf(known)) return this.#askAgain(known);
      this.#closeSoon({ realmId: known.realmId, open: [known], names: [], cause: 'session.expired' });
      return false;
    }
    // A start is none of what was sent before the end: a cookie of ocserv brings the same session back.
    if (tunnel.sign === 'interim' && (this.#ended.get(keyOf(tunnel)) ?? 0) > clock.nowMs()) return false;
    const session = await this.#begin(tunnel);
    return session !== null && this.#askAgain(session);
  }

  async stopped(realmId: VpnRealmId, serverSessionId: string, cause: string): Promise<void> {
    const session = await this.#deps.sessions.find(realmId, serverSessionId);
    if (session !== null) await this.#forget([session], cause);
  }

  async serverStarted(realmId: VpnRealmId, nas: string | null): Promise<void> {
    const known = await this.#deps.sessions.ofRealm(realmId);
    const gone = known.filter((session) => nas === null || session.nas === null || session.nas === nas);
    await this.#forget(gone, 'server_started');
  }

  async listed(realmId: VpnRealmId, serverSessionIds: ReadonlySet<string>): Promise<void> {
    const known = await this.#deps.sessions.ofRealm(realmId);
    const gone = known.filter(({ serverSessionId }) => !serverSessionIds.has(serverSessionId));
    await this.#forget(gone, 'server:ended');
  }

  async endAllOf(personId: PersonId, cause: string, only?: VpnRealmId): Promise<number> {
    const { people, sessions } = this.#deps;
    const realms = this.#deps.realms.filter(({ realmId }) => only === undefined || realmId === only);
    const [person, open] = await Promise.all([people.find(personId), sessions.ofPerson(personId)]);
    const names = person === null ? [] : userNamesOf(person);
    const closed = await Promise.allSettled(
      realms.map(async ({ realmId }) => {
        const own = open.filter((session) => session.realmId === realmId);
        const all = [...new Set([...names, ...own.map(({ userName }) => userName)])];
        // A server that can be told is told in any case: a tunnel may be up of which it has not said so yet.
        return this.#deps.servers.has(realmId) || own.length > 0 ? this.#close({ realmId, open: own, names: all, cause }) : 0;
      }),
    );
    return toSum(closed);
  }

  async endAllOfDevice({ id, personId }: Pick<DeskDevice, 'id' | 'personId'>, cause: string): Promise<number> {
    const begun = (await this.#deps.sessions.ofPerson(personId)).filter(({ deviceId }) => deviceId === id);
    const realmIds = [...new Set(begun.map(({ realmId }) => realmId))];
    const openOf = (wanted: VpnRealmId): readonly VpnSession[] => begun.filter(({ realmId }) => realmId === wanted);
    return toSum(await Promise.allSettled(realmIds.map((realmId) => this.#close({ realmId, open: openOf(realmId), names: [], cause }))));
  }

  async sweep(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    for (const { realmId, interimS } of this.#deps.realms) {
      await this.#endSilent(realmId, nowMs - SIGNS_MISSED_MAX * interimS * 1_000 - SIGN_LATE_MS, 'silent');
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#ending);
  }

  /** Null when there is nothing to ask about: the tunnel was refused, or is known by now. */
  async #begin(tunnel: Tunnel): Promise<VpnSession | null> {
    const { sessions, audit } = this.#deps;
    const { realmId, userName } = tunnel;
    const session = await toNewSession(this.#deps, tunnel);
    if (session === null) {
      this.#closeSoon({ realmId, open: [], names: [userName], strays: [tunnel], cause: 'subject.unknown' });
      return null;
    }
    const outcome = await sessions.start(session);
    if (outcome === 'full') this.#closeSoon({ realmId, open: [], names: [], strays: [tunnel], cause: 'too_many' });
    if (outcome !== 'started') return null;
    await audit.append(toSessionRecord(session, 'started', session.decisionId === null ? 'no_permit' : 'permit', session.startedAtMs));
    return session;
  }

  async #askAgain(session: VpnSession): Promise<boolean> {
    const { realmId, personId, authentication, correlation, deviceId, ip } = session;
    const network = { source: 'pep', ip } as const;
    const decision = await this.#deps.authorizeVpn({
      realmId,
      personId,
      credential: 'session',
      deviceId,
      authentication,
      network,
      correlation,
    });
    if (decision.effect === 'deny') this.#closeSoon({ realmId, open: [session], names: [], cause: decision.reasons[0] });
    return decision.effect === 'permit';
  }

  /**
   * Epoch ms. Servers that are told of it end the tunnel themselves; OpenVPN is not one of them. A computer shows its certificate again by then,
   * which is decided anew while its session goes on.
   */
  #expiryOf({ deviceId, realmId, startedAtMs }: VpnSession): number {
    if (deviceId !== null) return Number.POSITIVE_INFINITY;
    const rules = this.#deps.realms.find((realm) => realm.realmId === realmId);
    return rules === undefined ? startedAtMs : startedAtMs + rules.sessionTtlS * 1_000;
  }

  #closeSoon(closing: Closing): void {
    const ending = this.#close(closing)
      .then(() => undefined, this.#deps.onFailure)
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #remember(session: VpnSession): void {
    const [oldest] = this.#ended.keys();
    if (this.#ended.size >= ENDED_KEPT_MAX && oldest !== undefined) this.#ended.delete(oldest);
    this.#ended.set(keyOf(session), this.#deps.clock.nowMs() + ENDED_KEPT_MS);
  }

  /** The sessions are taken out first, so that the server's own word of their end is not recorded as the cause of it. */
  async #close({ realmId, open, names, strays = [], cause }: Closing): Promise<number> {
    const { servers, sessions, audit, clock } = this.#deps;
    const taken = (await Promise.all(open.map(({ id }) => sessions.end(id)))).filter((session) => session !== null);
    for (const session of taken) this.#remember(session);
    try {
      const server = servers.get(realmId);
      if (server === undefined) throw new GatewayError('vpn.unavailable', 'No way is configured to end tunnels of this VPN.');
      const ended = await server.disconnect(names, [...open, ...strays]);
      const occurredAtMs = clock.nowMs();
      await Promise.all(taken.map((session) => audit.append(toSessionRecord(session, 'ended', cause, occurredAtMs))));
      return Math.max(ended, open.length);
    } catch (failure) {
      // Still up as far as anybody knows: the next sign of life tries again.
      for (const session of taken) await sessions.start(session);
      throw failure;
    }
  }

  async #endSilent(realmId: VpnRealmId, seenBeforeMs: number, cause: string): Promise<void> {
    const { sessions, audit, clock } = this.#deps;
    for (;;) {
      const ended = await sessions.endSilent(realmId, seenBeforeMs, SWEEP_SESSIONS_MAX);
      const occurredAtMs = clock.nowMs();
      await Promise.all(ended.map((session) => audit.append(toSessionRecord(session, 'ended', cause, occurredAtMs))));
      if (ended.length < SWEEP_SESSIONS_MAX) return;
    }
  }

  async #forget(open: readonly VpnSession[], cause: string): Promise<void> {
    const { sessions, audit, clock } = this.#deps;
    for (const { id } of open) {
      const ended = await sessions.end(id);
      if (ended !== null) await audit.append(toSessionRecord(ended, 'ended', cause, clock.nowMs()));
    }
  }
}
