import type { OidcArtifact } from '../../ports/oidc-store.ts';

/** Of whose sign-in a code or token is that a request at the token endpoint shows. */
export interface ShownGrant {
  readonly personId: string;
  readonly grantId: string;
}

/**
 * The provider forgets whose a code was once it finds that it was used before, and says nothing of two uses that only the storage can tell
 * apart. Both must be recorded under the person's name.
 */
export interface ShownGrants {
  /** What the request shows, as it is stored. */
  note(request: object, artifact: OidcArtifact): void;
  /** The grant ended by it: somebody else showed the same. */
  noteReuse(request: object, grantIds: ReadonlySet<string>): void;
  of(request: object): ShownGrant | undefined;
  /** Grants that were ended because of a second use, as the storage found it. */
  reusedIn(request: object): readonly string[];
}

const SHOWN: ReadonlySet<string> = new Set(['AuthorizationCode', 'BackchannelAuthenticationRequest', 'DeviceCode', 'RefreshToken']);

export function createShownGrants(): ShownGrants {
  const shown = new WeakMap<object, ShownGrant>();
  const reused = new WeakMap<object, readonly string[]>();
  return {
    note: (request, { grantId, model, personId }) => {
      if (SHOWN.has(model) && personId !== null && grantId !== null) shown.set(request, { personId, grantId });
    },
    noteReuse: (request, grantIds) => void reused.set(request, [...grantIds]),
    of: (request) => shown.get(request),
    reusedIn: (request) => reused.get(request) ?? [],
  };
}
