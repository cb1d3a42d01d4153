import type { Badge, Passkey, Person } from '#gateway/domain/people/person.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';

export const personId = (name: string): PersonId => `person_${name}` as PersonId;
export const credentialId = (name: string): CredentialId => `credential_${name}` as CredentialId;

export const somePerson = (name: string, change: Partial<Person> = {}): Person => ({
  id: personId(name),
  displayName: `Person ${name}`,
  email: `${name}@example.test`,
  standing: 'active',
  roles: ['employee'],
  groups: ['engineering', 'night-shift'],
  clearance: 2,
  employmentEndMs: null,
  accessibility: false,
  version: 1,
  ...change,
});

export const someBadge = (name: string, change: Partial<Badge> = {}): Badge => ({
  id: credentialId(name),
  personId: personId('ann'),
  badgeKey: `H10301:12:${name}`,
  status: 'active',
  validFromMs: null,
  validUntilMs: null,
  ...change,
});

export const somePasskey = (name: string, change: Partial<Passkey> = {}): Passkey => ({
  id: credentialId(name),
  personId: personId('ann'),
  webauthnId: `webauthn-${name}`,
  publicKey: Uint8Array.of(1, 0, 255),
  counter: 0,
  transports: ['internal', 'hybrid'],
  backedUp: true,
  label: 'Laptop',
  status: 'active',
  createdAtMs: 1_000,
  ...change,
});
