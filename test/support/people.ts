import type { Badge, Passkey, Person } from '#gateway/domain/people/person.ts';
import type { Pin } from '#gateway/domain/people/pin.ts';
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
  lastUsedAtMs: null,
  addedWith: null,
  ...change,
});

export const somePin = (name: string, change: Partial<Pin> = {}): Pin => ({
  id: credentialId(`pin-${name}`),
  personId: personId(name),
  salt: Uint8Array.of(7, 0, 255),
  cost: { n: 16_384, r: 8, p: 1 },
  hash: Uint8Array.of(1, 2, 3),
  duressHash: Uint8Array.of(4, 5, 6),
  status: 'active',
  changedAtMs: 1_000,
  ...change,
});
