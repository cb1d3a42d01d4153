import { randomBytes } from 'node:crypto';
import type { LogoutSubject } from './logout-token.ts';

export interface PendingSignIn {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface AppTokens {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
}

export type AppClaims = Readonly<Record<string, unknown>>;

export interface AppSession {
  readonly id: string;
  readonly sub: string;
  readonly sid: string | undefined;
  readonly tokens: AppTokens;
  readonly claims: AppClaims;
}

/** Sessions, unfinished sign-ins and ends of sessions that the demo app keeps, each; the oldest gives way. */
export const DEMO_SESSIONS_MAX = 1_000;

export interface AppSessionTable {
  begin(pending: PendingSignIn): string;
  takePending(id: string): PendingSignIn | null;
  start(session: { readonly tokens: AppTokens; readonly claims: AppClaims; readonly sub: string; readonly sid: unknown }): string;
  find(id: string): AppSession | null;
  renew(session: AppSession, tokens: AppTokens, claims: AppClaims): void;
  end(session: AppSession, reason: string): void;
  /** The person signed out: as `end`, and nothing is left to explain. */
  leave(session: AppSession): void;
  /** Why the session of this id was ended; null when it was not, or too long ago. */
  endReasonOf(id: string): string | null;
  endWhere(subject: LogoutSubject, reason: string): void;
  /** Calls back once, when the session ends. Returns the function that stops waiting. */
  onEnd(session: AppSession, listener: (reason: string) => void): () => void;
  close(): void;
}

function putBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= DEMO_SESSIONS_MAX && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}

const newId = (): string => randomBytes(24).toString('base64url');

/** In memory: a restart of the demo app signs everybody out of it. */
export function createAppSessionTable(): AppSessionTable {
  const pendings = new Map<string, PendingSignIn>();
  const sessions = new Map<string, AppSession>();
  const endReasons = new Map<string, string>();
  const waiting = new Map<string, Set<(reason: string) => void>>();

  const close = ({ id }: AppSession, reason: string): void => {
    sessions.delete(id);
    for (const listener of waiting.get(id) ?? []) listener(reason);
    waiting.delete(id);
  };
  const end = (session: AppSession, reason: string): void => {
    // The first reason stays: what comes after it is about a session that is gone.
    if (sessions.has(session.id)) putBounded(endReasons, session.id, reason);
    close(session, reason);
  };

  return {
    begin: (pending) => {
      const id = newId();
      putBounded(pendings, id, pending);
      return id;
    },
    takePending: (id) => {
      const pending = pendings.get(id) ?? null;
      pendings.delete(id);
      return pending;
    },
    start: ({ sid, ...session }) => {
      const id = newId();
      putBounded(sessions, id, { ...session, id, sid: typeof sid === 'string' ? sid : undefined });
      return id;
    },
    find: (id) => sessions.get(id) ?? null,
    renew: (session, tokens, claims) => {
      if (sessions.has(session.id)) sessions.set(session.id, { ...session, tokens, claims });
    },
    end,
    leave: (session) => close(session, 'signed out'),
    endReasonOf: (id) => endReasons.get(id) ?? null,
    endWhere: ({ sub, sid }, reason) => {
      for (const session of [...sessions.values()]) {
        if (sid === undefined ? session.sub === sub : session.sid === sid) end(session, reason);
      }
    },
    onEnd: (session, listener) => {
      const listeners = waiting.get(session.id) ?? new Set();
      waiting.set(session.id, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    close: () => {
      for (const session of [...sessions.values()]) close(session, 'the app is stopping');
    },
  };
}
