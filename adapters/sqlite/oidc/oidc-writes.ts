import type { OidcArtifact, OidcStore } from '#gateway/ports/oidc-store.ts';

/** What the writing thread does, by the members of the port. */
export type OidcWriteName = Extract<
  keyof OidcStore,
  'upsert' | 'replacePayload' | 'consume' | 'destroy' | 'destroyByGrant' | 'destroyOfPerson' | 'trim' | 'sweep'
>;

/**
 * One call as it travels: the name of the member, then its arguments. An artifact goes as the list of its values, because text and numbers
 * are copied between threads far cheaper than objects with names.
 */
export type OidcWrite = readonly [OidcWriteName, ...(readonly unknown[])];

export function toArtifactWrite(artifact: OidcArtifact): OidcWrite {
  const { clientId, consumedAtMs, expiresAtMs, grantId, id, model, payloadJson, personId, uid, userCode } = artifact;
  return ['upsert', model, id, payloadJson, personId, clientId, grantId, uid, userCode, expiresAtMs, consumedAtMs];
}

/** Of what `toArtifactWrite` has made in this process, which is why it is not checked again. */
export function toWrittenArtifact([, ...values]: OidcWrite): OidcArtifact {
  const [model, id, payloadJson, personId, clientId, grantId, uid, userCode, expiresAtMs, consumedAtMs] = values as [
    string,
    string,
    string,
    ...(readonly (string | null)[]),
  ];
  const times = [expiresAtMs, consumedAtMs] as unknown as readonly [number | null, number | null];
  return {
    model,
    id,
    payloadJson,
    personId: personId ?? null,
    clientId: clientId ?? null,
    grantId: grantId ?? null,
    uid: uid ?? null,
    userCode: userCode ?? null,
    expiresAtMs: times[0],
    consumedAtMs: times[1],
  };
}

export interface OidcWritesMessage {
  /** Of the first; the others follow. */
  readonly firstId: number;
  readonly writes: readonly OidcWrite[];
}

/** All of a group are on disk, or none is. */
export type OidcWritesAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'committed'; readonly ids: readonly number[]; readonly results: readonly unknown[] }
  | { readonly kind: 'refused'; readonly ids: readonly number[] };
