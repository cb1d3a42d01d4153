import { createHash } from 'node:crypto';
import { DEFAULT_APP_RULES, type AddedApp, type AppDraft } from '#gateway/domain/apps/added-app.ts';
import type { SettingFacts } from '#gateway/app/apps/settings/setting.ts';
import type { AppId } from '#gateway/domain/site/ids.ts';

/** An app as an operator describes it: a web app of one address, unless told otherwise. */
export function someDraft(change: Partial<AppDraft> = {}): AppDraft {
  return {
    id: 'board',
    name: 'Board',
    kind: 'web',
    redirectUris: ['https://board.example.com/callback'],
    postLogoutRedirectUris: [],
    backchannelLogoutUri: null,
    origin: null,
    paths: [],
    publicPaths: [],
    apis: [],
    apiScopes: [],
    idTokenAlg: 'ES256',
    rules: DEFAULT_APP_RULES,
    ...change,
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export function someApp(change: Partial<AddedApp> = {}): AddedApp {
  const draft = someDraft();
  return {
    ...draft,
    id: draft.id as AppId,
    clientId: `${change.id ?? draft.id}-client`,
    secrets: [{ sha256: sha256('a secret'), createdAtMs: 1_000, validUntilMs: null }],
    isEnabled: true,
    createdAtMs: 1_000,
    changedAtMs: 1_000,
    version: 1,
    ...change,
  };
}

/** What the settings of such an app are made of. */
export function someFacts(change: Partial<SettingFacts> = {}): SettingFacts {
  const { idTokenAlg, kind, name, origin, paths, postLogoutRedirectUris, redirectUris } = someDraft();
  const own = { idTokenAlg, kind, name, origin, paths, postLogoutRedirectUris, redirectUris };
  return {
    ...own,
    issuer: 'https://gatehouse.example.com/oidc',
    listen: { host: '10.0.0.2', port: 8_080 },
    clientId: 'board-client',
    clientSecret: 'a-secret',
    ...change,
  };
}
