import type { AppKind } from '../../../domain/apps/added-app.ts';
import type { ListenAddress } from './gateway-address.ts';

/** What settings are made of: everything that an app must know of the gateway and of itself. */
export interface SettingFacts {
  readonly issuer: string;
  readonly listen: ListenAddress;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly kind: AppKind;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly idTokenAlg: string;
  readonly origin: string | null;
  readonly paths: readonly string[];
}

export interface SettingFile {
  /** Name of the file, or of the place, that the text belongs into. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

export interface Setting {
  readonly id: string;
  readonly title: string;
  readonly files: readonly SettingFile[];
  readonly notes: readonly string[];
}

export const SCOPES = 'openid profile email groups';

type Addresses = Pick<SettingFacts, 'redirectUris'>;

/** The address that people come back to, or what it usually is below the app's own origin. */
export function redirectUriOf({ redirectUris }: Addresses, usual: string): string {
  return redirectUris[0] ?? `https://app.example.com${usual}`;
}

export function originOf(uri: string): string {
  const url = URL.parse(uri);
  return url === null || url.origin === 'null' ? uri : url.origin;
}

const withPath = ({ redirectUris }: Addresses, path: string): string | undefined =>
  redirectUris.find((uri) => URL.parse(uri)?.pathname === path);

/** Where a client comes back to that knows one path only, whichever of the app's addresses comes first. */
export function habitUriOf(facts: Addresses, path: string): string {
  return withPath(facts, path) ?? `${originOf(redirectUriOf(facts, path))}${path}`;
}

/** A note when that address is none of the app's. */
export function habitNotes(facts: Addresses, path: string): readonly string[] {
  if (withPath(facts, path) !== undefined) return [];
  return [`It comes back to ${habitUriOf(facts, path)}: add that address to the app’s redirect URIs.`];
}
