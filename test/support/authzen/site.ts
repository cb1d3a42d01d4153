import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryHoldingsStore } from '#adapters/memory/holdings-store.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { createDecide } from '#gateway/app/access/decide.ts';
import { createNetworkPosture } from '#gateway/app/access/network-posture.ts';
import { createRefuse } from '#gateway/app/access/refuse.ts';
import type { ClientRights } from '#gateway/app/authzen/clients.ts';
import { buildPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import { composeAuthzen } from '#gateway/compose-authzen.ts';
import type { GrantId, PersonId, ProfileId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { ProviderKeys } from '#gateway/oidc/keys/signing-keys.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import type { AuditLog } from '#gateway/ports/audit-log.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { LiveSignIn } from '#gateway/ports/live-sessions.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { someAuthzenClient } from './client.ts';
import { closeServer, listenLater } from '../listen-later.ts';
import { someBadge, somePasskey, somePerson } from '../people.ts';
import { sampleInstallation } from '../sample-installation.ts';
import { SAMPLE_NOW_MS } from '../sample-input.ts';

const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };

export interface AuthzenSiteOptions {
  /** The provider's keys; its own for good if left out. */
  readonly keys?: () => ProviderKeys;
  readonly clients?: readonly ClientRights[];
  readonly audit?: (log: AuditLog) => AuditLog;
  readonly policy?: (engine: PolicyEngine) => PolicyEngine;
}

/**
 * The sample installation behind the AuthZEN face, on a real port, under the shipped policy. Ann and Ben have badges and may pass `main`
 * and use the wiki; Cyd has a badge and no grant.
 */
export async function startAuthzenSite(options: AuthzenSiteOptions = {}) {
  let nowMs = SAMPLE_NOW_MS;
  const clock: Clock = { nowMs: () => nowMs, monotonicUs: () => performance.now() * 1_000 };
  const random = createSystemRandom();
  const stores = createMemoryStores();
  const log = createMemoryAuditLog({ clock });
  const audit = options.audit?.(log) ?? log;
  const engine = await createOpaWasmEngine(await loadPolicyBundle());
  const sites = createSiteMap(sampleInstallation);
  await fill(stores);
  engine.setData(buildPolicyData(await stores.grants.profiles(), await stores.grants.grants(), { always: ALWAYS }));
  const policy = options.policy?.(engine) ?? engine;
  const signIns = new Map<string, LiveSignIn>();
  const logLines: string[] = [];
  const listener = await listenLater();
  const holdings = createMemoryHoldingsStore(stores);
  const { authzen, whoCan } = await composeAuthzen({
    ...stores,
    holdings,
    sites,
    policy,
    // No plan is kept: searches ask the engine that decides, unless a test brings another one.
    ensurePlan: () => Promise.resolve(null),
    currentData: async () => buildPolicyData(await stores.grants.profiles(), await stores.grants.grants(), { always: ALWAYS }),
    audit,
    clock,
    random,
    network: createNetworkPosture([{ name: 'Office', cidr: '192.0.2.0/24', zone: 'site', siteId: 'hq' }]),
    liveSessions: { signInOf: (personId) => Promise.resolve(signIns.get(personId) ?? null) },
    assemble: createAssembleInput(sites),
    decide: createDecide({ policy, audit, clock, random, timeoutMs: 5_000 }),
    refuse: createRefuse({ policy, audit, clock, random }),
    config: { publicUrl: listener.origin, authzen: { clients: (options.clients ?? [someAuthzenClient()]) as never } },
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    log: createLogger({ level: 'warn', write: (line) => logLines.push(line) }),
  });
  listener.serve((request, response) => {
    if (authzen?.handles(request.url ?? '/') === true) authzen.handle(request, response);
    else response.writeHead(404).end();
  });
  return {
    origin: listener.origin,
    whoCan,
    ...stores,
    signIns,
    logLines,
    advance: (ms: number) => {
      nowMs += ms;
    },
    records: async () => (await log.read({ from: { afterSeq: 0 }, limit: 1_000 })).map(({ record }) => record),
    close: () => closeServer(listener.server),
  };
}
export type AuthzenSite = Awaited<ReturnType<typeof startAuthzenSite>>;

async function fill({ people, credentials, grants }: ReturnType<typeof createMemoryStores>): Promise<void> {
  for (const [index, name] of ['ann', 'ben', 'cyd'].entries()) {
    const personId = `person_${name}` as PersonId;
    await people.save(somePerson(name, { roles: name === 'cyd' ? [] : ['employee'] }));
    await credentials.saveBadge(someBadge(name, { personId, badgeKey: `H10301:12:${String(index + 1)}` }));
    await credentials.addPasskey(somePasskey(name, { personId, webauthnId: `webauthn-${name}` }));
  }
  const profileId = 'everyday' as ProfileId;
  await grants.saveProfile({
    id: profileId,
    name: 'Everyday',
    resources: [
      { kind: 'door', id: 'main' },
      { kind: 'app', id: 'wiki' },
    ],
  });
  await grants.saveGrant({
    id: 'grt_1' as GrantId,
    profileId,
    holder: { kind: 'role', id: 'employee' },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
    reason: 'test',
  });
}
