import { useInfiniteQuery } from '@tanstack/react-query';
import { History, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { DataVersion, PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Chip } from '../../../shared/ui/chip.tsx';
import { LoadMore } from '../../../shared/ui/load-more.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { PersonName } from '../../../shared/ui/name.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { Ago } from '../../../shared/ui/time.tsx';
import { historyQuery } from '../data-queries.ts';
import { describeVersion } from './describe-version.ts';
import { RevertDialog } from './revert-dialog.tsx';
import styles from '../rows.module.css';

/** Every version that decided anything. Going back makes a new one: nothing is unmade. */
export function HistoryPanel({ data }: { data: PolicyDataView }) {
  const [reverted, setReverted] = useState<number | null>(null);
  const history = useInfiniteQuery(historyQuery);
  const versions = history.data?.pages.flatMap((page) => page.versions);
  return (
    <Panel title="History">
      {versions === undefined ? (
        <Pending query={history} />
      ) : versions.length === 0 ? (
        <Empty icon={History} title="Nothing has been changed yet" />
      ) : (
        <ul className={styles.rows} aria-label="Versions">
          {versions.map((version) => (
            <li key={version.version}>
              <VersionFacts version={version} isCurrent={version.version === data.version} />
              {data.may.edit && version.version !== data.version && (
                <Button size="small" icon={Undo2} onClick={() => setReverted(version.version)}>
                  Go back to {version.version}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {history.hasNextPage && (
        <LoadMore label="Older versions" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()} />
      )}
      {reverted !== null && <RevertDialog baseVersion={data.version} toVersion={reverted} onClose={() => setReverted(null)} />}
    </Panel>
  );
}

function VersionFacts({ version, isCurrent }: { version: DataVersion; isCurrent: boolean }) {
  return (
    <div className={styles.facts}>
      <span className={styles.head}>
        <strong>Version {version.version}</strong>
        {isCurrent && <Chip tone="ok">In force</Chip>}
        {version.opens && <Chip tone="warn">Let in more</Chip>}
      </span>
      <span>{describeVersion(version)}</span>
      <span className="soft">
        <PersonName id={version.operatorId} />, <Ago atMs={version.atMs} />: {version.reason}
      </span>
    </div>
  );
}
