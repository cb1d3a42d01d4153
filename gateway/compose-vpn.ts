import { createAuthorizeVpn, type AuthorizeVpn, type AuthorizeVpnDeps } from './app/access/authorize-vpn.ts';
import { createCodeBook } from './app/vpn/code-book.ts';
import { createConnect } from './app/vpn/connect.ts';
import { createConnectByCertificate } from './app/vpn/connect-certificate.ts';
import { createIssueCode } from './app/vpn/issue-code.ts';
import { createSilentServers } from './app/vpn/silent-servers.ts';
import { createVpnSessions, type VpnSessions } from './app/vpn/sessions.ts';
import type { VpnRealmId } from './domain/site/ids.ts';
import type { VpnPage } from './app/vpn/vpn-page.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { OneTimeStore } from './ports/one-time-store.ts';
import type { SecretStore } from './ports/secret-store.ts';
import type { VpnDisconnect } from './ports/vpn-disconnect.ts';
import type { VpnSessionStore } from './ports/vpn-session-store.ts';
import { createOcservDisconnect } from '#adapters/vpn/ocserv/ocserv-disconnect.ts';
import { createRadiusDisconnect } from '#adapters/vpn/radius/radius-disconnect.ts';
import { readSharedSecret } from '#adapters/vpn/radius/shared-secret.ts';
import { createOpenvpnManagement } from '#adapters/vpn/openvpn/openvpn-management.ts';
import { createApprovals } from './app/vpn/approvals.ts';
import { createApproveConnection } from './app/vpn/approve-connection.ts';
import { createPendingConnections } from './app/vpn/pending-connections.ts';
import { createPush } from './app/vpn/push.ts';
import { siteNetworkOf } from './http/middleware/client-network.ts';
import { createManagementHandler } from './app/vpn/manage-server.ts';
import type { VpnManagement } from './ports/vpn-management.ts';
import { createAttemptLimits, TOO_MANY_ATTEMPTS } from './vpn/attempt-limits.ts';
import { createVpnRadiusFace, type VpnRadiusFace } from './vpn/radius-face.ts';

const CODE_KEY_NAME = 'vpn/code-key';
const CODE_KEY_BYTES = 32;
const TOO_MANY = { ok: false, message: TOO_MANY_ATTEMPTS } as const;
const SWEEP_INTERVAL_MS = 30_000;

interface Parts extends AuthorizeVpnDeps {
  readonly config: Pick<Config, 'vpn' | 'publicUrl' | 'installation'>;
  readonly oneTime: OneTimeStore;
  readonly vpnSessions: VpnSessionStore;
  readonly secrets: SecretStore;
  readonly audit: AuditLog;
  readonly log: Logger;
}

export interface Vpn {
  readonly page: VpnPage;
  readonly radius: VpnRadiusFace;
  readonly sessions: VpnSessions;
  close(): Promise<void>;
}

/** Null when there is no realm: the addresses then do not exist. @throws secret.unavailable */
export async function composeVpn(parts: Parts): Promise<Vpn | null> {
  const { config, clock, log, oneTime, people, random } = parts;
  if (config.vpn.length === 0) return null;
  const macKey = await parts.secrets.readOrCreate(CODE_KEY_NAME, () => random.bytes(CODE_KEY_BYTES));
  const authorizeVpn: AuthorizeVpn = createAuthorizeVpn(parts);
  const codes = createCodeBook({ oneTime, macKey, random });
  const servers = composeServers(parts);
  const codePage = `${config.publicUrl}/vpn`;
  const shared = { ...parts, realms: config.vpn, authorizeVpn, codes };
  const sessions = createVpnSessions({
    ...shared,
    sessions: parts.vpnSessions,
    servers,
    onFailure: (failure) => log.error('vpn.disconnect_failed', {}, failure),
  });
  const connectByCertificate = createConnectByCertificate({
    ...shared,
    devices: parts.deskDevices,
    onForeignIssuer: (realm, issuer) => log.warn('vpn.certificate_issuer', { realm, issuer }),
  });
  const connect = createConnect({ ...shared, codePage });
  const limits = createAttemptLimits(clock);
  const approvals = createApprovals({ clock, random, networkOf: siteNetworkOf });
  const push = createPush({ ...shared, approvals, after, codePage, approvalPage: `${config.publicUrl}/oidc/approve` });
  const limited: typeof connect = (attempt) => limits.run(attempt, () => connect(attempt)).then((outcome) => outcome ?? TOO_MANY);
  const managements = composeManagements({ config, log }, { connect: limited, approvals, sessions });
  for (const [realmId, management] of managements) servers.set(realmId, management);
  const sweeping = setInterval(() => {
    sessions.sweep().catch((failure: unknown) => log.warn('vpn.sweep_failed', {}, failure));
  }, SWEEP_INTERVAL_MS);
  const approveConnection = createApproveConnection({ ...shared, approvals });
  const pushing = new Set(config.vpn.flatMap(({ realmId, push: isOn }) => (isOn ? [realmId] : [])));
  const realms = config.installation.vpnRealms.map(({ id, name }) => ({ id, name, push: pushing.has(id) }));
  return {
    page: {
      realms,
      issueCode: createIssueCode(shared),
      approvals,
      approveConnection,
      pending: createPendingConnections({ approvals, approveConnection, people, realms }),
    },
    radius: createVpnRadiusFace({ realms: config.vpn, connect, push, connectByCertificate, sessions, limits, clock, log }),
    sessions,
    close: async () => {
      clearInterval(sweeping);
      for (const management of managements.values()) await management.close();
      await sessions.settled();
    },
  };
}

/** Nobody waits for it once the gateway ends. */
function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}

/** Servers that ask the gateway themselves. */
function composeManagements(
  { config, log }: Pick<Parts, 'config' | 'log'>,
  deps: Pick<Parameters<typeof createManagementHandler>[0], 'connect' | 'approvals' | 'sessions'>,
): ReadonlyMap<VpnRealmId, VpnManagement> {
  const managements = new Map<VpnRealmId, VpnManagement>();
  for (const { realmId, interimS, openvpnSocket } of config.vpn) {
    if (openvpnSocket === null) continue;
    const onFailure = (failure: unknown): void => log.error('vpn.management_failed', { realm: realmId }, failure);
    const handler = createManagementHandler({ ...deps, realmId, publicUrl: config.publicUrl, onFailure });
    managements.set(realmId, createOpenvpnManagement({ socketFile: openvpnSocket, handler, listIntervalMs: interimS * 1_000, onFailure }));
  }
  return managements;
}

/** Servers that are told without a connection of their own. @throws config.unreadable a shared secret cannot be read, or others can */
function composeServers({ audit, clock, config, log, random }: Parts): Map<VpnRealmId, VpnDisconnect> {
  const onFailure = (failure: unknown): void => log.error('vpn.alarm_failed', {}, failure);
  const noteHeard = createSilentServers({ audit, clock, onFailure });
  const servers = new Map<VpnRealmId, VpnDisconnect>();
  for (const { disconnect, ocservSocket, realmId } of config.vpn) {
    if (ocservSocket !== null) servers.set(realmId, createOcservDisconnect({ socketFile: ocservSocket }));
    if (disconnect.length === 0) continue;
    const named = disconnect.map(({ secretFile, ...server }) => ({ ...server, secret: readSharedSecret(secretFile) }));
    const onHeard = (nas: string, isHeard: boolean): void => noteHeard(realmId, nas, isHeard);
    servers.set(realmId, createRadiusDisconnect({ clock, random, servers: named, onHeard }));
  }
  return servers;
}
