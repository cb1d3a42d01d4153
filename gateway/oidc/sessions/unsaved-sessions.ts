import type Provider from 'oidc-provider';

interface Persisted {
  readonly exp?: number | undefined;
}
type Persist = (this: Persisted) => Promise<string>;

function persistSavedOnly(prototype: { persist: Persist }): void {
  const { persist } = prototype;
  prototype.persist = async function persistSaved(this: Persisted): Promise<string> {
    return this.exp === undefined ? '' : persist.call(this);
  };
}

/**
 * oidc-provider 9.13: when a page of the device flow fails for a browser without a session, the page of the error writes into the session
 * that was begun for the request. It was never saved and its browser has no cookie of it, so that it cannot be stored, and the answer becomes
 * a bare 500. Such a session is left alone.
 */
export function leaveUnsavedSessions(provider: Provider): void {
  persistSavedOnly(provider.Session.prototype);
}
