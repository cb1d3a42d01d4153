import { useQuery } from '@tanstack/react-query';
import { Library } from 'lucide-react';
import { Page, Panel } from '../../../shared/ui/page.tsx';
import { Empty, ErrorState, Notice, Skeleton } from '../../../shared/ui/states.tsx';
import { libraryQuery, policyDataQuery } from '../data-queries.ts';
import styles from './library-page.module.css';
import { PolicyCard } from './policy-card.tsx';
import { SeenPanel } from '../versions/seen-panel.tsx';

/** Ready policies. Their rules are there already: switching one on, placing and tuning it is data. */
export function LibraryPage() {
  const library = useQuery(libraryQuery);
  const data = useQuery(policyDataQuery);
  const failed = library.error ?? data.error;
  return (
    <Page title="Policy library" sub="Ready policies: switched on, placed and tuned here, without a rule to write.">
      {library.data !== undefined && data.data !== undefined ? (
        <>
          {!data.data.may.edit && <Notice tone="info">You see which policies are on. Your role does not change them.</Notice>}
          {library.data.policies.length === 0 ? (
            <Panel>
              <Empty icon={Library} title="The policy in force has no library" />
            </Panel>
          ) : (
            <ul className={styles.cards}>
              {library.data.policies.map((policy) => (
                <li key={policy.id}>
                  <PolicyCard policy={policy} data={data.data} />
                </li>
              ))}
            </ul>
          )}
          <SeenPanel part="library" />
        </>
      ) : (
        <Panel>
          {failed !== null ? (
            <ErrorState error={failed} onRetry={() => void Promise.all([library.refetch(), data.refetch()])} />
          ) : (
            <Skeleton lines={8} />
          )}
        </Panel>
      )}
    </Page>
  );
}
