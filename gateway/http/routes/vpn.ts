import type { Request, Router } from 'express';
import type { VpnPage } from '../../app/vpn/vpn-page.ts';
import type { Deny } from '../../domain/access/decision.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { VpnRealm } from '../../domain/site/site.ts';
import { emptySchema } from '../contract/common.ts';
import { assertionOptionsSchema } from '../contract/sign-in.ts';
import { vpnApprovalSchema, vpnApprovedSchema, vpnCodeSchema, vpnRealmsSchema, type VpnDeniedView } from '../contract/vpn.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

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
    respond(response, vpnRealmsSchema, { realms: vpn.realms.map(({ id, name, push }) => ({ id, name, push })) });
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
    respond(response, vpnCodeSchema, toDenied(outcome.deny, deps.clock.nowMs()));
  });

  registerApprovalRoutes(router, deps, vpn);
}

/** The page that a VPN client opens: a passkey lets the waiting connection in. */
function registerApprovalRoutes(router: Router, deps: RouteDeps, { approvals, approveConnection, realms }: VpnPage): void {
  const flowOf = (id: string): string => `vpn-approval:${id}`;
  const gone = (): GatewayError => new GatewayError('resource.unknown', 'This connection does not wait any more. Connect again.');

  router.get('/vpn/approvals/:id', async (request, response) => {
    await deps.rateLimits.count('ceremony', request);
    const waiting = approvals.find(parseId(request));
    if (waiting === null) throw gone();
    const { ip, realmId, userName } = waiting;
    const realmName = realms.find(({ id }) => id === realmId)?.name ?? realmId;
    respond(response, vpnApprovalSchema, { realmName, userName, ip, isFromHere: ip !== null && ip === deps.addresses.clientIp(request) });
  });

  router.post('/vpn/approvals/:id/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const id = parseId(request);
    if (approvals.find(id) === null) throw gone();
    const { ceremonyId, options } = await deps.authentication.begin(flowOf(id));
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/vpn/approvals/:id', async (request, response) => {
    const id = parseId(request);
    const outcome = await approveConnection(id, await finishCeremony(deps, flowOf(id), request));
    if (outcome.ok) return respond(response, vpnApprovedSchema, { outcome: 'approved' });
    if (outcome.code === 'denied') return respond(response, vpnApprovedSchema, toDenied(outcome.deny, deps.clock.nowMs()));
    if (outcome.code === 'gone') throw gone();
    throw new GatewayError('request.forbidden', 'This connection was begun under another name. If it is not yours, close this page.');
  });
}

function toDenied({ id: decisionId, reasons }: Deny, atMs: number): VpnDeniedView {
  return { outcome: 'denied', decisionId, reasons: reasons.map((code) => explainReason(code)), atMs };
}
