import { createHash } from 'node:crypto';
import { createReliedAnswers } from './app/access/relied-answers.ts';
import type { AuthorizeApp } from './app/access/types.ts';
import type { AddedApps } from './app/apps/added-apps.ts';
import type { SignInWatch } from './app/apps/sign-in-watch.ts';
import type { Website } from './domain/site/website.ts';
import { createCheckSite } from './forward-auth/check-site.ts';
import { createForwardAuthFace, type ForwardAuthFace } from './forward-auth/forward-auth-face.ts';
import { createSiteTrace } from './forward-auth/trace-sites.ts';
import { createSiteSeals } from './forward-auth/site-cookie.ts';
import { CALLBACK_PATH, createSignInRounds } from './forward-auth/sign-in-round.ts';
import type { ClientAddresses } from './http/middleware/client-ip.ts';
import type { SiteSignIn } from './oidc/sign-in/site-sign-in.ts';
import type { ClientConfig, Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { AuditLog } from './ports/audit-log.ts';
import type { Clock } from './ports/clock.ts';
import type { PeopleStore } from './ports/people-store.ts';
import type { PolicyEngine } from './ports/policy-engine.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';

const SEAL_KEY_NAME = 'forward-auth/seal-key';
const SECRET_BYTES = 32;

/**
 * Each website is a client of the provider, so that people sign in to it as to any app. Its secret is made up and thrown away: its codes
 * are redeemed inside the gateway only.
 */
export function websiteClients(websites: readonly Website[], random: Random): readonly ClientConfig[] {
  return websites.map(({ appId, clientId, name, origin }) => ({
    appId,
    clientId,
    name,
    clientSecretSha256: createHash('sha256').update(random.bytes(SECRET_BYTES)).digest('hex'),
    redirectUris: [`${origin}${CALLBACK_PATH}`],
    postLogoutRedirectUris: [`${origin}/`],
    backchannelLogoutUri: null,
  }));
}

interface Parts {
  readonly config: Pick<Config, 'websites' | 'oidc'>;
  readonly addedApps: Pick<AddedApps, 'websites'>;
  readonly watch?: SignInWatch;
  readonly siteSignIn: SiteSignIn;
  readonly authorizeApp: AuthorizeApp;
  readonly audit: AuditLog;
  readonly people: PeopleStore;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly secrets: SecretStore;
  readonly addresses: ClientAddresses;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** While there is no website, of the configuration file or added, the addresses do not exist. @throws secret.unavailable */
export async function composeForwardAuth(parts: Parts): Promise<ForwardAuthFace> {
  const { addedApps, clock, config, random, siteSignIn: signIn } = parts;
  const websites = (): readonly Website[] => [...config.websites, ...addedApps.websites()];
  const key = await parts.secrets.readOrCreate(SEAL_KEY_NAME, () => random.bytes(SECRET_BYTES));
  const seals = createSiteSeals({ key, clock });
  return createForwardAuthFace({
    websites,
    checkSite: createCheckSite({ ...parts, signIn, relyOn: createReliedAnswers(parts) }),
    rounds: createSignInRounds({ websites, signIn, seals, random, sessionTtlS: config.oidc.sessionTtlS }),
    seals,
    addresses: parts.addresses,
    clock,
    ...(parts.watch === undefined ? {} : { trace: createSiteTrace(parts.watch, () => clock.nowMs()) }),
    log: parts.log,
  });
}
