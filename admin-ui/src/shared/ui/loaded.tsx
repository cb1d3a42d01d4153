import type { UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import styles from './loaded.module.css';
import { ErrorState, ProblemNotice, Skeleton } from './states.tsx';

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

/** What was asked for, when it is there. When it could not be asked for again, what is there stays, with the word that it may be old. */
export function Loaded<Data>({ query, lines = 4, children }: LoadedProps<Data>) {
  if (query.data === undefined) return <Pending query={query} lines={lines} />;
  const problem = query.isError && (
    <div className={styles.problem}>
      <ProblemNotice error={query.error} />
    </div>
  );
  // What more was asked for is missed at the end.
  const isAtEnd = 'isFetchNextPageError' in query && query.isFetchNextPageError;
  return (
    <>
      {!isAtEnd && problem}
      {children(query.data)}
      {isAtEnd && problem}
    </>
  );
}
