import { fileURLToPath } from 'node:url';
import type { Desks } from './app/desk/desks.ts';
import { createImportFollower } from './app/people/follow-imports.ts';
import { recordPendingChanges } from './app/people/record-pending-changes.ts';
import { catchUpPresence } from './app/presence/project-presence.ts';
import { createReinstatePerson } from './app/revocation/reinstate.ts';
import { resumeRevocations } from './app/revocation/resume.ts';
import { createSuspendPerson } from './app/revocation/suspend.ts';
import { composeApps } from './compose-apps.ts';
import { composeAuthzen, type Authzen } from './compose-authzen.ts';
import { startChores } from './compose-chores.ts';
import { composeDesks, followDeskLeavers } from './compose-desks.ts';
import { composePolicyData } from './compose-policy-data.ts';
import { composePolicyLife, composeShippedPolicy } from './compose-policy-life.ts';
import { composeForwardAuth } from './compose-forward-auth.ts';
import { composeImport } from './compose-import.ts';
import { composeDirectory } from './compose-directory.ts';
import { composePortal } from './compose-portal.ts';
import { composeScim } from './compose-scim.ts';
import { composeUpstream, type Upstream } from './compose-upstream.ts';
import { composeVpn, type Vpn } from './compose-vpn.ts';
import { openServingRecords, type Records } from './compose-records.ts';
import type { ImportDesk } from './app/people/import-desk.ts';
import type { ScimFace } from './scim/scim-face.ts';
import type { ForwardAuthFace } from './forward-auth/forward-auth-face.ts';
import type { AppsDeps } from './http/routes/apps-deps.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import type { SignInInteractions } from './oidc/sign-in/interactions.ts';
import type { Config } from './platform/config/config.ts';
import { createAuthenticationCeremonies } from './webauthn/authentication.ts';
import { createEnrolmentCeremonies, type EnrolmentCeremonies } from './webauthn/enrolment.ts';
import { composeAsking, type Asking, type Deciding } from './compose-asking.ts';
import { composeDoors, type Doors, type Stores } from './compose-doors.ts';
import { openLog } from './compose-log.ts';
import type { ComposeOptions } from './compose-options.ts';

export interface Gateway {
  readonly http: HttpServer;
  readonly records: Records;
  readonly enrolment: EnrolmentCeremonies;
  readonly interactions: SignInInteractions;
  /**
   * Closes what an earlier run left open, and tells the apps. Called once, when the gateway listens: an app that is sent a logout token
   * asks for the signing keys before it believes it. Until then whoever is suspended is denied everything all the same.
   * @throws store.unavailable
   */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

const UI_DIR = fileURLToPath(new URL('../admin-ui/dist', import.meta.url));
/** Builds the gateway. The order is the order of trust: records, log, policy, decisions, doors, then the faces. */
export async function composeGateway(options: ComposeOptions): Promise<Gateway> {
  const { config, log } = options;
  // From then on nobody signs in, tokens are refused and /readyz fails. The process stays all the same: doors go on.
  const records = await openServingRecords(config.dataDir, { onFailure: (failure) => log.error('store.unavailable', {}, failure) });
  const audit = await openLog(options, records);
  const imports = createImportFollower();
  await recordPendingChanges({ pendingRecords: records.pendingRecords, audit, onRecorded: imports.take });
  const moved = await catchUpPresence({ presence: records.presences, log: audit });
  // Read before the grants themselves: a change in between is then loaded twice rather than missed.
  const grantsVersion = await records.grants.version();
  await composeShippedPolicy(records, audit);
  const asking = await composeAsking(options, records, audit);
  const vpn = await composeVpn({ ...asking, ...records, config, audit, log });
  const doors = await composeDoors(options, { ...asking, records, audit, vpn });
  const policies = await composePolicyLife({ ...asking, config, records, audit, doorNode: doors.doorNode });
  const reload = (): Promise<void> => Promise.all([asking.reloadPolicyData(), doors.doorNode.reloadGrants()]).then(() => undefined);
  const data = await composePolicyData({ ...asking, ...policies, records, audit, reload });
  const apps = composeApps({ ...asking, ...data, config, records, audit, reload });
  const enrolment = createEnrolmentCeremonies(ceremonyDeps(asking, { config, records, audit }));
  const authzen = await composeAuthzen({ ...asking, ...asking.idp, ...policies, ...records, config, audit, log });
  const forwardAuth = await composeForwardAuth({ ...asking, ...records, audit, siteSignIn: asking.idp.siteSignIn, config, log });
  const directory = composeDirectory({ ...asking, ...doors, directory: records.directory });
  const scim = composeScim({ ...asking, directory, config, log });
  const importTable = composeImport({ ...asking, ...records, directory, config });
  const upstream = composeUpstream({ ...asking, ...asking.idp, ...records, ...directory, config, log });
  const faces = { apps, forwardAuth, scim, upstream, importTable, vpn, enrolment };
  const { liveSessions, statements } = asking.idp;
  const tunnels = vpn?.sessions ?? null;
  const desks = composeDesks({ ...asking, ...records, audit, liveSessions, statements, tunnels, settings: config.oidc });
  const deskLeavers = followDeskLeavers({ ...asking, ...records, audit, log }, desks);
  const http = composeHttp(options, { ...asking, ...doors, ...policies, ...data, ...authzen, ...faces, desks, records, audit });
  const { clock } = asking;
  const absorbImport = (): Promise<boolean> => data.policyData.absorbImport();
  const settlePointer = (): Promise<void> => policies.policyLife.settlePointer();
  const stopChores = startChores({ ...asking, ...doors, records, audit, log, grantsVersion, imports, reload, absorbImport, settlePointer });
  await audit.append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'started', detail: `policy ${asking.policy.revision}` });
  return {
    http,
    records,
    enrolment,
    interactions: asking.idp.interactions,
    catchUp: async () => {
      await resumeRevocations(doors.revoking);
      // Somebody may have left an area just before the gateway ended.
      for (const personId of moved) await doors.endLapsedSessions(personId, 'presence:caught_up');
      await imports.settle(doors.endLapsedSessions, 'all');
      await desks.revokeDesk.resume();
      await deskLeavers.catchUp();
    },
    close: async () => {
      http.close();
      await doors.doorNode.stop();
      doors.unfollow();
      deskLeavers.stop();
      await vpn?.close();
      // Closing either way: a log that fails here has said so already.
      await audit.append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'stopping', detail: '' }).catch(() => undefined);
      await stopChores();
      await audit.close();
      await records.close();
    },
  };
}

function ceremonyDeps({ people, clock, random }: Deciding, { config, records, audit }: Stores & { readonly config: Config }) {
  const settings = { publicUrl: config.publicUrl, enrolmentLinkTtlS: config.console.enrolmentLinkTtlS };
  return { settings, people, clock, random, audit, credentials: records.credentials, oneTime: records.oneTime };
}

function composeHttp(
  { config, demo, log }: ComposeOptions,
  deps: Asking &
    Doors &
    Stores &
    Awaited<ReturnType<typeof composePolicyLife>> &
    Awaited<ReturnType<typeof composePolicyData>> &
    Authzen & {
      readonly apps: AppsDeps;
      readonly enrolment: EnrolmentCeremonies;
      readonly forwardAuth: ForwardAuthFace | null;
      readonly scim: ScimFace | null;
      readonly upstream: Upstream | null;
      readonly importTable: ImportDesk;
      readonly vpn: Vpn | null;
      readonly desks: Desks;
    },
): HttpServer {
  const { audit, idp, records, revoking } = deps;
  return createHttpServer({
    ...deps,
    publicUrl: config.publicUrl,
    uiDir: UI_DIR,
    consoleSessionTtlS: config.console.sessionTtlS,
    cliTokenTtlS: config.console.cliTokenTtlS,
    logoutOrigins: config.clients.flatMap(({ postLogoutRedirectUris }) => postLogoutRedirectUris.map((uri) => new URL(uri).origin)),
    oidc: idp,
    suspendPerson: createSuspendPerson(revoking),
    reinstatePerson: createReinstatePerson({ ...revoking, requestTtlMs: config.console.reinstatementTtlS * 1_000 }),
    authentication: createAuthenticationCeremonies(ceremonyDeps(deps, { config, records, audit })),
    portal: composePortal({ ...deps, ...records, ...deps.desks, config, liveSessions: idp.liveSessions, auditReader: audit }),
    auditReader: audit,
    demo: demo?.site(audit) ?? null,
    log,
    credentials: records.credentials,
    grants: records.grants,
    sessions: records.sessions,
    vpnSessions: records.vpnSessions,
    liveSessions: idp.liveSessions,
    oneTime: records.oneTime,
  });
}
