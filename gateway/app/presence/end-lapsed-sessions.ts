import type { SiteMap } from '../../domain/site/site-map.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { AuthorizeApp } from '../access/types.ts';

export interface EndLapsedSessionsDeps {
  readonly sites: SiteMap;
  readonly liveSessions: LiveSessions;
  readonly authorizeApp: AuthorizeApp;
}

/**
 * Re-evaluates the person's live app sessions after a change of facts and ends those that the policy would no longer refresh.
 * Apps that keep access without a browser, and those that depend on no changed fact, are asked about too: one rule for all, and the answer is
 * recorded.
 */
export function createEndLapsedSessions(deps: EndLapsedSessionsDeps): (personId: PersonId, cause: string) => Promise<number> {
  return async (personId, cause) => {
    const signIns = await deps.liveSessions.signInsOf(personId);
    const appIds = new Set(signIns.flatMap(({ apps }) => apps.flatMap(({ appId }) => (appId === null ? [] : [appId]))));
    let ended = 0;
    for (const appId of appIds) {
      const app = deps.sites.app(appId);
      if (app === undefined) continue;
      const decision = await deps.authorizeApp({
        action: 'token.refresh',
        personId,
        clientId: app.clientId,
        network: { source: 'none' },
        authentication: null,
        correlation: cause,
      });
      if (decision.effect === 'permit') continue;
      await deps.liveSessions.endAppOf(personId, appId, decision.reasons[0]);
      ended += 1;
    }
    return ended;
  };
}
