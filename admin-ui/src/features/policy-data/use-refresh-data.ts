import { useQueryClient } from '@tanstack/react-query';
import { statusQuery } from '../../shared/api/queries.ts';
import { POLICY_DATA_KEY } from './data-queries.ts';

/** After a saved change: everything made of the data, and the revision that decides. */
export function useRefreshData(): () => Promise<unknown> {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [POLICY_DATA_KEY] }),
      queries.invalidateQueries({ queryKey: statusQuery.queryKey }),
    ]);
}
