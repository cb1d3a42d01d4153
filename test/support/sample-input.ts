import { createAssembleInput } from '#gateway/app/access/assemble-input.ts';
import { badgeFacts, doorFacts, personFacts } from '#gateway/app/access/facts.ts';
import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { Badge, Person } from '#gateway/domain/people/person.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { sampleInstallation } from './sample-installation.ts';

/** 2026-11-03 10:00 in Berlin, a Tuesday. */
export const SAMPLE_NOW_MS = Date.UTC(2026, 10, 3, 9, 0);

export const samplePerson: Person = {
  id: 'usr_ada' as PersonId,
  displayName: 'Ada Okafor',
  email: 'ada@demo.example',
  standing: 'active',
  roles: ['staff'],
  groups: ['operations'],
  clearance: 4,
  employmentEndMs: null,
  accessibility: false,
  version: 1,
};

export const sampleBadge: Badge = {
  id: 'crd_1' as CredentialId,
  personId: samplePerson.id,
  badgeKey: 'H10301:12:3456',
  status: 'active',
  validFromMs: null,
  validUntilMs: null,
};

const sites = createSiteMap(sampleInstallation);
const door = sampleInstallation.doors[0];
if (door === undefined) throw new Error('the sample has doors');

/** A complete input: Ada at the main entrance. */
export const sampleInput: DecisionInput = createAssembleInput(sites)({
  action: 'door.unlock',
  subject: personFacts(samplePerson),
  resource: doorFacts(door, sites.area(door.toAreaId)),
  channel: 'osdp',
  pep: { id: 'main-in', secure: true },
  epoch: 0,
  nowMs: SAMPLE_NOW_MS,
  requestId: 'req_1',
  correlation: '',
  credential: badgeFacts(sampleBadge, { readAtMs: SAMPLE_NOW_MS, nowMs: SAMPLE_NOW_MS }),
});
