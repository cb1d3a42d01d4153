import type { SessionsEnded } from '../../ports/live-sessions.ts';

/** What ended, and what may still be open: an app that did not acknowledge, or a VPN server that could not be told. */
export interface Closed {
  readonly sessions: number;
  readonly logoutTokensSent: number;
  readonly logoutTokensAcknowledged: number;
  readonly residual: readonly ('apps' | 'vpn')[];
}

export const NOTHING_CLOSED: Closed = { sessions: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0, residual: [] };

export const addClosed = (left: Closed, right: Closed): Closed => ({
  sessions: left.sessions + right.sessions,
  logoutTokensSent: left.logoutTokensSent + right.logoutTokensSent,
  logoutTokensAcknowledged: left.logoutTokensAcknowledged + right.logoutTokensAcknowledged,
  residual: [...new Set([...left.residual, ...right.residual])],
});

export function toClosed({ sessions, logoutTokensSent, logoutTokensAcknowledged }: SessionsEnded): Closed {
  // An app that did not answer may still show its own session until it next asks for a token.
  const residual = logoutTokensAcknowledged < logoutTokensSent ? (['apps'] as const) : [];
  return { sessions, logoutTokensSent, logoutTokensAcknowledged, residual };
}
