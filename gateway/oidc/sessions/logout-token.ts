import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import { reasonCodeSchema } from '../../domain/access/reason-code.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { OutgoingCalls } from '../outgoing-fetch.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export interface LogoutNotice {
  readonly personId: PersonId;
  readonly sid: string | undefined;
  /** A reason code is told to the app, as a refused refresh tells it; any other cause is not. */
  readonly cause: string;
  /** `jti` of the token; unique. */
  readonly tokenId: string;
}

interface Way {
  readonly provider: Provider;
  readonly outgoing: Pick<OutgoingCalls, 'fetch'>;
}

/**
 * Tells a client that a session has ended (OpenID Connect Back-Channel Logout 1.0, 2.5). The provider's own token has no place for the
 * reason; clause 2.4 allows more claims, and a client that does not know `gatehouse_reason` ignores it.
 * @throws request.forbidden the client did not acknowledge
 */
export async function sendLogoutToken({ outgoing, provider }: Way, client: Client, notice: LogoutNotice): Promise<void> {
  const uri = client.backchannelLogoutUri;
  if (uri === undefined) return;
  const token = new provider.IdToken({ sub: notice.personId }, { client });
  // What the types leave out: the claims that the token shows of those above.
  Object.assign(token, { mask: { sub: null } });
  token.set('events', { [LOGOUT_EVENT]: {} });
  token.set('jti', notice.tokenId);
  if (notice.sid !== undefined) token.set('sid', notice.sid);
  const reason = tryParse(reasonCodeSchema, notice.cause);
  if (reason.success) token.set('gatehouse_reason', reason.data);
  const address = new URL(uri).href;
  const body = new URLSearchParams({ logout_token: await token.issue({ use: 'logout' }) });
  const { status } = await outgoing.fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  if (status !== 200 && status !== 204) throw new GatewayError('request.forbidden', 'the app did not acknowledge the logout');
}
