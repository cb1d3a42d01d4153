import type { OidcArtifact, OidcStore, OidcUse } from '#gateway/ports/oidc-store.ts';

/** What the writing thread does, by the members of the port. */
export type OidcWriteName = Extract<
  keyof OidcStore,
  | 'upsert'
  | 'replacePayload'
  | 'consume'
  | 'exchange'
  | 'undoExchange'
  | 'destroy'
  | 'destroyByGrant'
  | 'destroyOfPerson'
  | 'trim'
  | 'sweep'
>;

/**
 * One call as it travels: the name of the member, then its arguments. An artifact goes as the list of its values, because text and numbers
 * are copied between threads far cheaper than objects with names.
 */
export type OidcWrite = readonly [OidcWriteName, ...(readonly unknown[])];

type ArtifactValues = readonly (string | number | null)[];

function toValues(artifact: OidcArtifact): ArtifactValues {
  const { clientId, consumedAtMs, expiresAtMs, grantId, id, model, payloadJson, personId, uid, userCode } = artifact;
  return [model, id, payloadJson, personId, clientId, grantId, uid, userCode, expiresAtMs, consumedAtMs];
}

/** Of what `toValues` has made in this process, which is why it is not checked again. */
function toArtifact(values: ArtifactValues): OidcArtifact {
  const [model, id, payloadJson, personId, clientId, grantId, uid, userCode, expiresAtMs, consumedAtMs] = values as readonly [
    ...(readonly [string, string, string]),
    ...(readonly [string | null, string | null, string | null, string | null, string | null]),
    ...(readonly [number | null, number | null]),
  ];
  return { model, id, payloadJson, personId, clientId, grantId, uid, userCode, expiresAtMs, consumedAtMs };
}

export const toUpsertWrite = (artifact: OidcArtifact): OidcWrite => ['upsert', toValues(artifact)];

export const toExchangeWrite = ({ id, model, nowMs }: OidcUse, given: readonly OidcArtifact[]): OidcWrite => [
  'exchange',
  model,
  id,
  nowMs,
  ...given.map(toValues),
];

/** Does what was asked by the other end, which has made the arguments for this very member. */
export function applyWrite(store: OidcStore, [name, ...args]: OidcWrite): Promise<unknown> {
  if (name === 'upsert') return store.upsert(toArtifact(args[0] as ArtifactValues));
  if (name === 'exchange') {
    const [model, id, nowMs, ...given] = args as [string, string, number, ...(readonly ArtifactValues[])];
    return store.exchange({ model, id, nowMs }, given.map(toArtifact));
  }
  const calls: Readonly<Record<OidcWriteName, (...args: never) => Promise<unknown>>> = store;
  return calls[name](...(args as never));
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
