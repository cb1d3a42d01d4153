import { describe, expect, it } from 'vitest';
import { authenticationFacts, badgeFacts, personFacts, presenceFacts } from '#gateway/app/access/facts.ts';
import type { Presence } from '#gateway/domain/presence/presence.ts';
import { PRESENCE_STALE_AFTER_MS } from '#gateway/domain/presence/presence.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { AreaId, PersonId, SiteId } from '#gateway/domain/site/ids.ts';
import { SAMPLE_NOW_MS, sampleBadge, samplePerson } from '#test/support/sample-input.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const sites = createSiteMap(sampleInstallation);
const inServers: Presence = {
  personId: 'usr_ada' as PersonId,
  state: 'inside',
  siteId: 'hq' as SiteId,
  areaId: 'servers' as AreaId,
  confidence: 'high',
  observedAtMs: SAMPLE_NOW_MS,
  sourceSeq: 1,
};
const authenticated = (authenticatedAtMs: number) =>
  authenticationFacts({ amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs }, SAMPLE_NOW_MS);

describe('facts of a decision', () => {
  it('are complete and neutral where nothing is known', () => {
    expect(personFacts(null)).toMatchObject({ id: '', properties: { known: false, status: 'unknown' } });
    expect(authenticationFacts(null, SAMPLE_NOW_MS)).toMatchObject({ known: false, user_verified: false });
    expect(presenceFacts(null, sites, SAMPLE_NOW_MS)).toMatchObject({ known: false, state: 'unknown', confidence: 'none' });
  });

  it('tell an end at the epoch itself as one that is over: 0 is no end', () => {
    expect(personFacts({ ...samplePerson, employmentEndMs: 0 }).properties.employment_end_ms).toBe(1);
    expect(personFacts({ ...samplePerson, employmentEndMs: null }).properties.employment_end_ms).toBe(0);
    const badge = { ...sampleBadge, validUntilMs: 0 };
    expect(badgeFacts(badge, { readAtMs: SAMPLE_NOW_MS, nowMs: SAMPLE_NOW_MS }).valid_until_ms).toBe(1);
  });

  it('name the area and all that contain it, innermost first', () => {
    expect(presenceFacts(inServers, sites, SAMPLE_NOW_MS)).toMatchObject({ state: 'inside', areas: ['servers', 'building'], age_s: 0 });
  });

  it('let presence go stale at its age, not a millisecond before', () => {
    expect(presenceFacts(inServers, sites, SAMPLE_NOW_MS + PRESENCE_STALE_AFTER_MS - 1).state).toBe('inside');
    expect(presenceFacts(inServers, sites, SAMPLE_NOW_MS + PRESENCE_STALE_AFTER_MS)).toMatchObject({ state: 'stale', confidence: 'none' });
  });

  it('take a fact from the future for old, not for fresh: a clock was set back', () => {
    expect(authenticated(SAMPLE_NOW_MS - 61_000).auth_age_s).toBe(61);
    expect(authenticated(SAMPLE_NOW_MS + 5_000).auth_age_s).toBe(0);
    expect(authenticated(SAMPLE_NOW_MS + 5_001).auth_age_s).toBeGreaterThan(86_400);
    expect(presenceFacts(inServers, sites, SAMPLE_NOW_MS - 60_000).age_s).toBeGreaterThan(604_800);
  });
});
