import { useQuery } from '@tanstack/react-query';
import { GitMerge } from 'lucide-react';
import { dataHistorySchema, policyDataViewSchema, type ItemChange } from '#gateway/http/contract/policy-data.ts';
import { getJson } from '../../../shared/api/client.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { DialogActions } from '../../../shared/ui/dialog.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { PersonName } from '../../../shared/ui/name.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import { Ago } from '../../../shared/ui/time.tsx';
import { dataDiffQuery } from '../data-queries.ts';
import { itemNames } from '../part-words.ts';
import { ChangeLines } from './preview-lines.tsx';
import styles from './conflict-notice.module.css';

interface ConflictNoticeProps {
  readonly baseVersion: number;
  readonly changes: readonly ItemChange[];
  /** What the gateway said. */
  readonly message: string;
  readonly onTakeTheirs: () => void;
  /** Makes the same change on what is there now: it is shown once more before it is saved. */
  readonly onPutOnTop: (version: number) => void;
}

/** Who was there first, what they changed, and whether both changed the same. */
export function ConflictNotice({ baseVersion, changes, message, onTakeTheirs, onPutOnTop }: ConflictNoticeProps) {
  const now = useQuery({
    queryKey: ['policy-data-conflict', baseVersion],
    queryFn: async ({ signal }) => {
      const { version } = await getJson('/api/policy/data', policyDataViewSchema, signal);
      const { versions } = await getJson('/api/policy/data/history?limit=1', dataHistorySchema, signal);
      return { version, last: versions[0] };
    },
    gcTime: 0,
  });
  if (now.data === undefined) {
    return <Pending query={now} lines={3} />;
  }
  const { version, last } = now.data;
  if (version === baseVersion) return <NoConflict message={message} onClose={onTakeTheirs} />;
  return (
    <div className="stack">
      <Notice tone="warn" role="alert">
        <p>
          Somebody else saved first: the data is at version {version}, and yours was made on version {baseVersion}.
        </p>
        {last !== undefined && (
          <p>
            <PersonName id={last.operatorId} />, <Ago atMs={last.atMs} />: {last.reason}
          </p>
        )}
      </Notice>
      <BothVersions baseVersion={baseVersion} version={version} changes={changes} />
      <DialogActions>
        <Button onClick={onTakeTheirs}>Leave it as it is now</Button>
        <Button look="primary" icon={GitMerge} onClick={() => onPutOnTop(version)}>
          Put mine on top
        </Button>
      </DialogActions>
    </div>
  );
}

/** The data is as it was: what was asked for is there already, or cannot be done for another reason. */
function NoConflict({ message, onClose }: { message: string; onClose: () => void }) {
  return (
    <div className="stack">
      <Notice tone="info" role="alert">
        {message}
      </Notice>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </div>
  );
}

interface BothVersionsProps {
  readonly baseVersion: number;
  readonly version: number;
  readonly changes: readonly ItemChange[];
}

function BothVersions({ baseVersion, version, changes }: BothVersionsProps) {
  const theirs = useQuery(dataDiffQuery(baseVersion, version));
  const touched = new Set(theirs.data?.lines.map(({ part, id }) => `${part}/${id}`));
  return (
    <div className="stack">
      <section className="stack-s" aria-label="Theirs">
        <h3 className={styles.title}>Theirs, since version {baseVersion}</h3>
        {theirs.data === undefined ? <Pending query={theirs} lines={2} /> : <ChangeLines lines={theirs.data.lines} />}
      </section>
      <section className="stack-s" aria-label="Yours">
        <h3 className={styles.title}>Yours</h3>
        <ul className="stack-s">
          {changes.map(({ part, id, value }) => (
            <li key={`${part}/${id}`}>
              {itemNames[part]} <code>{id}</code> {value === null ? 'is taken out' : 'is put in as you filled it in'}
              {touched.has(`${part}/${id}`) && <strong>, in the place of theirs</strong>}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
