import type { OidcStore } from '#gateway/ports/oidc-store.ts';

/** What the writing thread does, by the members of the port. */
export const OIDC_WRITES = [
  'upsert',
  'replacePayload',
  'consume',
  'destroy',
  'destroyByGrant',
  'destroyOfPerson',
  'trim',
  'sweep',
] as const satisfies readonly (keyof OidcStore)[];
export type OidcWriteName = (typeof OIDC_WRITES)[number];

/** One call, as it travels. */
export interface OidcWrite<Name extends OidcWriteName = OidcWriteName> {
  readonly name: Name;
  readonly args: Parameters<OidcStore[Name]>;
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
