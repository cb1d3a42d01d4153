import type { UserInput } from '../directory/types.ts';
import type { AccountRefusal, AccountRule } from './types.ts';

/** Longest claim that is compared with anything. */
export const ACCOUNT_NAME_CHARS_MAX = 254;
/** Half of what a name may have in UTF-16. */
const DISPLAY_NAME_CHARS_MAX = 50;

export interface AccountName {
  readonly is: AccountRule['is'];
  readonly value: string;
  /** Verified by the provider, and of a domain that is its own. */
  readonly email: string | null;
}

type Claims = Readonly<Record<string, unknown>>;
type Read = ({ readonly ok: true } & AccountName) | { readonly ok: false; readonly code: AccountRefusal };

// What cannot be seen could make one name look like another.
const isPlain = (text: string): boolean => /^[^\p{C}\p{Z}]+$/u.test(text) && text.length <= ACCOUNT_NAME_CHARS_MAX;

function textOf(claims: Claims, name: string): string | null {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && isPlain(value) ? value : null;
}

function isOwnDomain(email: string, domains: readonly string[]): boolean {
  const at = email.lastIndexOf('@');
  return at > 0 && email.indexOf('@') === at && domains.includes(email.slice(at + 1).toLowerCase());
}

/** Under which name whoever signed in is looked for. An address counts only where the provider says that it verified it: `true`, and nothing like it. */
export function readAccountName(claims: Claims, { claim, emailDomains, is }: AccountRule): Read {
  const email = textOf(claims, 'email');
  const isVerified = claims['email_verified'] === true;
  const owned = email !== null && isVerified && isOwnDomain(email, emailDomains) ? email : null;
  const value = textOf(claims, claim);
  if (value === null) return { ok: false, code: 'account.claim_missing' };
  if (is === 'email') {
    if (!isVerified) return { ok: false, code: 'account.email_unverified' };
    if (owned === null) return { ok: false, code: 'account.domain_other' };
  }
  return { ok: true, is, value, email: owned };
}

/** Whether an answer without the user information is enough to know whose account it is. */
export function hasAccountName(claims: Claims, { claim, is }: AccountRule): boolean {
  return textOf(claims, claim) !== null && (is !== 'email' || claims['email_verified'] !== undefined);
}

// By characters, so that none is cut in two.
const shorten = (text: string): string => [...text].slice(0, DISPLAY_NAME_CHARS_MAX).join('');

/** Somebody new, with no more than a name and an address. */
export function toNewUser(claims: Claims, { email, is, value }: AccountName): UserInput {
  const said = typeof claims['name'] === 'string' ? claims['name'] : '';
  const displayName = shorten(said.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim());
  return {
    userName: email ?? value,
    displayName: displayName === '' ? shorten(email ?? value) : displayName,
    email,
    externalId: is === 'external_id' ? value : null,
    active: true,
  };
}
