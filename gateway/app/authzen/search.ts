import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { AccessSearchRecord } from '../../domain/audit/change-records.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { Random } from '../../ports/random.ts';
import { queryOf, type PagePlace, type PageTokens } from './page-token.ts';
import {
  isRefused,
  type AuthzenClient,
  type Candidates,
  type PageRequest,
  type Refused,
  type RunSearch,
  type Search,
  type SearchPage,
  type SearchResult,
} from './types.ts';

export const PAGE_LIMIT_DEFAULT = 1_000;
/** Most results of one page; a caller that wants more gets this many and a token. */
export const PAGE_LIMIT_MAX = 10_000;
/** Searches at once; one more is refused. Each of them takes a core's time, in slices. */
export const SEARCHES_AT_ONCE_MAX = 4;
/** A search gives way to logins after this, microseconds. */
const SLICE_US_MAX = 3_000;

export interface SearchDeps {
  readonly candidates: Candidates;
  readonly tokens: PageTokens;
  readonly people: Pick<PeopleStore, 'epoch'>;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly channel: AccessSearchRecord['channel'];
}

export interface Found {
  readonly result: SearchResult;
  readonly key: string;
  readonly obligations: readonly ObligationId[];
}

/** Looks until `limit` are found, and for one more: whether there is a next page is then known. */
export interface Harvest {
  readonly found: readonly Found[];
  readonly hasMore: boolean;
  readonly considered: number;
}

/** Tests candidates in slices of time, so that logins on the same thread do not feel it. @throws what the candidates throw */
export async function harvest(batches: Awaited<ReturnType<Candidates['open']>>, limit: number, clock: Clock): Promise<Harvest | Refused> {
  if (isRefused(batches)) return batches;
  const found: Found[] = [];
  let considered = 0;
  let sliceStartedUs = clock.monotonicUs();
  for await (const batch of batches ?? []) {
    for (const { key, result, test } of batch) {
      const obligations = test();
      considered += 1;
      if (obligations !== null && found.length === limit) return { found, considered, hasMore: true };
      if (obligations !== null) found.push({ key, result, obligations });
      if (clock.monotonicUs() - sliceStartedUs < SLICE_US_MAX) continue;
      await nextTurn();
      sliceStartedUs = clock.monotonicUs();
    }
  }
  return { found, considered, hasMore: false };
}

const INVALID_TOKEN: Refused = { kind: 'refused', status: 400, message: 'page.token: is not of this search, or too old' };
const BUSY: Refused = { kind: 'refused', status: 429, message: 'too many searches run at this moment' };

/** Pages of results. The record of the search is durable before anybody is told its answer. */
export function createSearch(deps: SearchDeps): RunSearch {
  let running = 0;
  return async (client, search, page) => {
    if (running === SEARCHES_AT_ONCE_MAX) return BUSY;
    running += 1;
    try {
      return await runSearch(deps, client, search, page);
    } finally {
      running -= 1;
    }
  };
}

async function runSearch(deps: SearchDeps, client: AuthzenClient, search: Search, page: PageRequest): Promise<SearchPage | Refused> {
  const query = queryOf(client.id, search);
  const place = placeOf(deps, page, query);
  if (place === null) return INVALID_TOKEN;
  const epoch = await deps.people.epoch();
  const harvested = await harvest(await deps.candidates.open(client, search, place.after), place.limit, deps.clock);
  if (isRefused(harvested)) return harvested;
  const { found, hasMore } = harvested;
  await deps.audit.append(toSearchRecord(deps, { askedBy: client.id, search, harvested, epoch }));
  // Every key comes after the empty one: a page of nothing goes on where it began.
  const after = found.at(-1)?.key ?? place.after ?? '';
  return {
    kind: 'found',
    results: found.map(({ result }) => result),
    nextToken: hasMore ? deps.tokens.issue({ after, limit: place.limit }, query, deps.clock.nowMs()) : '',
  };
}

function placeOf({ tokens, clock }: SearchDeps, page: PageRequest, query: string): { after: string | null; limit: number } | null {
  const isFirst = page.token === undefined || page.token === '';
  const before: PagePlace | null = isFirst ? null : tokens.read(page.token, query, clock.nowMs());
  if (!isFirst && before === null) return null;
  return { after: before?.after ?? null, limit: Math.min(page.limit ?? before?.limit ?? PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX) };
}

interface Searched {
  readonly askedBy: string;
  readonly search: Search;
  readonly harvested: Harvest;
  readonly epoch: number;
}

const bounded = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text.slice(0, 128));

export function toSearchRecord(
  { clock, random, policy, channel }: Pick<SearchDeps, 'clock' | 'random' | 'policy' | 'channel'>,
  { askedBy, search, harvested, epoch }: Searched,
): AccessSearchRecord {
  const { target } = search;
  return {
    type: 'access_search',
    occurredAtMs: clock.nowMs(),
    searchId: random.id('sea'),
    channel,
    askedBy,
    target,
    action: target === 'action' ? null : bounded(search.action.name),
    // A badge number is nothing for the log.
    personId: target === 'subject' || search.subject.type === 'badge' ? null : bounded(search.subject.id),
    resourceType: bounded(search.resource.type),
    resourceId: target === 'resource' ? null : bounded(search.resource.id),
    considered: harvested.considered,
    found: harvested.found.length,
    policyRevision: policy.revision,
    dataRevision: policy.dataRevision,
    epoch,
  };
}
