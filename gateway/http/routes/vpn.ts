import type { Request, Router } from 'express';
import type { IssueCode } from '../../app/vpn/types.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { VpnRealm } from '../../domain/site/site.ts';
import { emptySchema } from '../contract/common.ts';
import { assertionOptionsSchema } from '../contract/sign-in.ts';
import { vpnCodeSchema, vpnRealmsSchema } from '../contract/vpn.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

/** What the page needs of the VPN part. */
export interface VpnPage {
  readonly realms: readonly Pick<VpnRealm, 'id' | 'name'>[];
  readonly issueCode: IssueCode;
}

/** The page where a person gets a one-time code for a VPN client. No session: the passkey is asked for each code. */
export function registerVpnRoutes(router: Router, deps: RouteDeps): void {
  const { vpn } = deps;
  if (vpn === null) return;
  const realmOf = (request: Request) => {
    const id = parseId(request, 'realmId');
    const realm = vpn.realms.find((one) => one.id === id);
    if (realm === undefined) throw new GatewayError('resource.unknown', 'There is no VPN of this name.');
    return realm;
  };
  /** An assertion that was made for one realm is none for another. */
  const flowOf = ({ id }: Pick<VpnRealm, 'id'>): string => `vpn:${id}`;

  router.get('/vpn/realms', (_request, response) => {
    respond(response, vpnRealmsSchema, { realms: vpn.realms.map(({ id, name }) => ({ id, name })) });
  });

  router.post('/vpn/realms/:realmId/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const { ceremonyId, options } = await deps.authentication.begin(flowOf(realmOf(request)));
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/vpn/realms/:realmId/code', async (request, response) => {
    const realm = realmOf(request);
    const { personId, authentication } = await finishCeremony(deps, flowOf(realm), request);
    const ip = deps.addresses.clientIp(request);
    const outcome = await vpn.issueCode({ realmId: realm.id, personId, authentication, ip });
    if (outcome.ok) {
      const { userName, code, expiresAtMs } = outcome;
      return respond(response, vpnCodeSchema, { outcome: 'code', userName, code, expiresAtMs });
    }
    const { id: decisionId, reasons } = outcome.deny;
    const why = reasons.map((code) => explainReason(code));
    respond(response, vpnCodeSchema, { outcome: 'denied', decisionId, reasons: why, atMs: deps.clock.nowMs() });
  });
}
