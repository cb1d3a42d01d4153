import { appWithSecretSchema, type AppDraft, type AppWithSecret } from '#gateway/http/contract/apps.ts';
import { dataChangedSchema, policyDataViewSchema } from '#gateway/http/contract/policy-data.ts';
import { getJson, postJson } from '../../shared/api/client.ts';

const WORK_TIMEOUT_MS = 60_000;

export interface Added extends AppWithSecret {
  /** When the app was added: what came before is not about it. */
  readonly atMs: number;
  /** Why it was not put into the access profiles; null where that was done, or nothing was chosen. */
  readonly grantFailure: Error | null;
}

interface Adding {
  readonly draft: AppDraft;
  readonly profileIds: readonly string[];
  readonly reason: string;
}

/** The app first. It is there whatever becomes of the profiles, and then nobody may use it yet. */
export async function addApp({ draft, profileIds, reason }: Adding): Promise<Added> {
  const made = await postJson('/api/apps', { draft, reason }, appWithSecretSchema);
  const atMs = made.app.createdAtMs ?? 0;
  if (profileIds.length === 0) return { ...made, atMs, grantFailure: null };
  const grantFailure = await putIntoProfiles(made.app.id, profileIds, reason).then(
    () => null,
    (failure: unknown) => (failure instanceof Error ? failure : new Error('The access profiles were not changed.')),
  );
  return { ...made, atMs, grantFailure };
}

/** On the newest data: adding a resource takes nothing away from what others have changed meanwhile. */
async function putIntoProfiles(appId: string, profileIds: readonly string[], reason: string): Promise<void> {
  const data = await getJson('/api/policy/data', policyDataViewSchema);
  const changes = profileIds.flatMap((id) => {
    const profile = data.parts.profiles[id];
    if (profile === undefined) return [];
    return [{ part: 'profiles', id, value: { ...profile, resources: [...profile.resources, { kind: 'app', id: appId }] } }];
  });
  await postJson('/api/policy/data/changes', { baseVersion: data.version, changes, reason }, dataChangedSchema, WORK_TIMEOUT_MS);
}
