import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { LogRow } from './log-row.tsx';
import { myLogQuery } from './portal-queries.ts';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

export function LogPage() {
  const t = usePortalTexts();
  const log = useInfiniteQuery(myLogQuery);
  return (
    <Page title={t('log')} sub={t('log_sub')}>
      <Panel>
        <Loaded query={log} lines={8}>
          {({ pages }) => {
            const entries = pages.flatMap((page) => page.entries);
            if (entries.length === 0 && !log.hasNextPage) return <Empty icon={ScrollText} title={t('no_log')} />;
            return (
              <ol className={styles.rows}>
                {entries.map((entry) => (
                  <LogRow key={entry.seq} entry={entry} />
                ))}
              </ol>
            );
          }}
        </Loaded>
        {log.hasNextPage && <LoadMore label={t('load_older')} busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()} />}
      </Panel>
    </Page>
  );
}
