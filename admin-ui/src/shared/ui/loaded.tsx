import type { UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, Skeleton } from './states.tsx';

interface PendingProps {
  readonly query: { readonly error: unknown; readonly isError: boolean; refetch(): unknown };
  readonly lines?: number;
}

/** In the place of what was asked for: that it is on its way, or why it did not come and the way on. */
export function Pending({ query, lines }: PendingProps) {
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton {...(lines === undefined ? {} : { lines })} />;
}

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data> | UseInfiniteQueryResult<Data>;
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** What was asked for, when it is there. */
export function Loaded<Data>({ query, lines = 4, children }: LoadedProps<Data>) {
  return query.data === undefined ? <Pending query={query} lines={lines} /> : children(query.data);
}
