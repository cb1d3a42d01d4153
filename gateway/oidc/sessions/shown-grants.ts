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
  /** The grant ends by it: somebody else has shown the same. */
  noteReuse(request: object): void;
  of(request: object): ShownGrant | undefined;
  /** The grant that ended because of a second use, as the storage found it. */
  reusedIn(request: object): readonly string[];
}

const SHOWN: ReadonlySet<string> = new Set(['AuthorizationCode', 'BackchannelAuthenticationRequest', 'DeviceCode', 'RefreshToken']);

export function createShownGrants(): ShownGrants {
  const shown = new WeakMap<object, ShownGrant>();
  const reused = new WeakSet<object>();
  return {
    note: (request, { grantId, model, personId }) => {
      if (SHOWN.has(model) && personId !== null && grantId !== null) shown.set(request, { personId, grantId });
    },
    noteReuse: (request) => void reused.add(request),
    of: (request) => shown.get(request),
    reusedIn: (request) => (reused.has(request) ? [shown.get(request)?.grantId ?? []].flat() : []),
  };
}
