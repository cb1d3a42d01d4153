import type { PersonId } from '../../domain/site/ids.ts';

/** Whose account at an identity provider outside it is. */
export interface AccountRule {
  readonly claim: string;
  readonly is: 'email' | 'external_id' | 'user_name';
  /** In lower case. */
  readonly emailDomains: readonly string[];
  /** Whoever is not known yet becomes a person. */
  readonly create: boolean;
}

/** What the provider said, and the gateway has verified, of whoever signed in there. */
export interface UpstreamAccount {
  readonly upstreamId: string;
  /** `sub`: never given to another (OpenID Connect Core 5.7). */
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type AccountRefusal =
  /** Nobody here has it. */
  | 'account.unknown'
  /** More than one person has it. */
  | 'account.ambiguous'
  | 'account.claim_missing'
  | 'account.email_unverified'
  | 'account.domain_other'
  /** The person is known by another account of the provider. */
  | 'account.linked_otherwise'
  /** Somebody new would need a name or an address that another person has. */
  | 'account.taken';

export type FoundPerson =
  | { readonly ok: true; readonly personId: PersonId }
  | { readonly ok: false; readonly code: AccountRefusal; readonly personId: PersonId | null };
