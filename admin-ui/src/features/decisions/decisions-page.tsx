import { useInfiniteQuery } from '@tanstack/react-query';
import { ListFilter } from 'lucide-react';
import { logPageSchema, type Entry } from '#gateway/http/contract/admin.ts';
import { getJson } from '../../shared/api/client.ts';
import { logPath } from '../../shared/api/queries.ts';
import { toFeedRows } from '../../shared/log/feed-rows.ts';
import { LogList } from '../../shared/log/log-list.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { DecisionFilters, type DecisionSearch } from './decision-filters.tsx';

const PAGE_SIZE = 100;

interface DecisionsPageProps {
  readonly search: DecisionSearch;
  readonly onSearch: (search: DecisionSearch) => void;
}

export function DecisionsPage({ search, onSearch }: DecisionsPageProps) {
  const filter = {
    types: ['decision', 'outcome'],
    limit: PAGE_SIZE,
    ...(search.person === undefined ? {} : { person: search.person }),
    ...(search.resource === undefined ? {} : { resource: search.resource }),
  };
  const log = useInfiniteQuery({
    queryKey: ['log', 'pages', filter],
    queryFn: ({ pageParam, signal }) => getJson(logPath(filter, pageParam), logPageSchema, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const shown = search.effect === undefined ? entries : withEffect(entries, search.effect);
  return (
    <Page title="Decisions" sub="Each answer of the policy, with its reasons and what followed.">
      <DecisionFilters search={search} onSearch={onSearch} />
      <Panel>
        {log.data === undefined ? (
          <Pending query={log} lines={8} />
        ) : shown.length === 0 ? (
          <Empty icon={ListFilter} title={log.hasNextPage ? 'None among those loaded' : 'No decision matches'}>
            {log.hasNextPage && 'Older ones may match.'}
          </Empty>
        ) : (
          <LogList rows={toFeedRows(shown)} label="Decisions" />
        )}
        {log.hasNextPage && <LoadMore label="Load older" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()} />}
      </Panel>
    </Page>
  );
}

/** The log has no filter by effect: it is applied to what is loaded. Outcomes stay with their decision. */
function withEffect(entries: readonly Entry[], effect: 'permit' | 'deny'): readonly Entry[] {
  const wanted = new Set<string>();
  for (const { record } of entries) if (record.type === 'decision' && record.effect === effect) wanted.add(record.decisionId);
  return entries.filter(({ record }) => (record.type === 'decision' || record.type === 'outcome') && wanted.has(record.decisionId));
}
