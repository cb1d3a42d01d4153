import type { Config } from '../platform/config/config.ts';

/** What `gatehouse upstream` does at the store itself. */
export interface UpstreamTools {
  /** The secret that the identity provider gave out; it replaces one that is there. @throws secret.unavailable, store.unavailable */
  writeSecret(config: Config, upstreamId: string, secret: string): Promise<{ readonly isNew: boolean }>;
  /** `person` is an id or an e-mail. The next account that says it is theirs is. */
  forgetAccount(
    config: Config,
    upstreamId: string,
    person: string,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: 'person.unknown' | 'account.unknown' }>;
}
