import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { recentLogQuery, type LogFilter } from '../api/queries.ts';
import { Panel } from '../ui/page.tsx';
import { Empty, ErrorState, Skeleton } from '../ui/states.tsx';
import { toFeedRows } from './feed-rows.ts';
import { LogList } from './log-list.tsx';

/** The short history of one person or door, in all its states. */
export function LogPanel({ title, filter, empty }: { title: string; filter: LogFilter; empty: string }) {
  const log = useQuery(recentLogQuery(filter));
  return (
    <Panel title={title}>
      {log.isPending ? (
        <Skeleton lines={4} />
      ) : log.isError && log.data === undefined ? (
        <ErrorState error={log.error} onRetry={() => void log.refetch()} />
      ) : log.data.entries.length === 0 ? (
        <Empty icon={History} title={empty} />
      ) : (
        <LogList rows={toFeedRows(log.data.entries)} label={title} />
      )}
    </Panel>
  );
}
