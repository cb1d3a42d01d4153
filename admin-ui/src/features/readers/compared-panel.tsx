import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { EnrolledAtReader } from '#gateway/http/contract/reader-templates.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { enrolledAtReaderQuery } from '../../shared/faces/face-queries.ts';
import { ForgetAtReadersDialog } from '../../shared/faces/forget-at-readers-dialog.tsx';
import { dayText } from '../../shared/faces/template-words.ts';
import { traitName } from '../../shared/faces/trait-words.ts';
import { capital } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { useNow } from '../../shared/ui/time.tsx';
import styles from './maintenance.module.css';
import { ScanDialog } from './scan-dialog.tsx';

export type Compared = NonNullable<ReaderView['biometrics']>;

interface ComparedPanelProps {
  readonly reader: ReaderView;
  readonly compared: Compared;
  readonly mayEnrol: boolean;
}

type Opened = { readonly as: 'scan' } | { readonly as: 'forget'; readonly one: EnrolledAtReader };

/** Whom a reader that compares itself can compare, and who is added and taken away. Nothing of a template is in it. */
export function ComparedPanel({ compared, mayEnrol, reader }: ComparedPanelProps) {
  const answer = useInfiniteQuery(enrolledAtReaderQuery(reader.id));
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const people = answer.data?.pages.flatMap((page) => page.people) ?? [];
  return (
    <Panel
      title="People it compares"
      aside={
        mayEnrol && (
          <Button size="small" icon={Plus} onClick={() => setOpened({ as: 'scan' })}>
            Enrol here
          </Button>
        )
      }
    >
      <p className={styles.lead}>
        {capital(traitName(compared.type))}, template format {compared.format}. The gateway keeps the templates sealed and sends one for one
        comparison; all readers of this kind share them.
      </p>
      {answer.data === undefined ? (
        <Pending query={answer} lines={3} />
      ) : people.length === 0 ? (
        <Empty icon={Fingerprint} title="Nobody is enrolled">
          A badge alone opens nothing here where the policy wants a face. Another way in stays open to whoever does not want this.
        </Empty>
      ) : (
        <PeopleTable people={people} mayEnrol={mayEnrol} onForget={(one) => setOpened({ as: 'forget', one })} />
      )}
      {answer.hasNextPage && <LoadMore label="Load more" busy={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()} />}
      {opened?.as === 'scan' && <ScanDialog reader={reader} trait={traitName(compared.type)} onClose={close} />}
      {opened?.as === 'forget' && (
        <ForgetAtReadersDialog personId={opened.one.personId} who={opened.one.personName ?? opened.one.personId} onClose={close} />
      )}
    </Panel>
  );
}

interface PeopleTableProps {
  readonly people: readonly EnrolledAtReader[];
  readonly mayEnrol: boolean;
  readonly onForget: (one: EnrolledAtReader) => void;
}

function PeopleTable({ mayEnrol, onForget, people }: PeopleTableProps) {
  const nowMs = useNow(60_000);
  return (
    <table className={table.table}>
      <TableHead columns={['Person', 'State']} wide={['Enrolled']} hasActions={mayEnrol} />
      <tbody>
        {people.map((one) => {
          const { enrolledAtMs, expiresAtMs, personId, personName } = one;
          const isOver = expiresAtMs <= nowMs;
          return (
            <tr key={personId}>
              <td>
                <Link to="/console/people/$personId" params={{ personId }}>
                  {personName ?? personId}
                </Link>
              </td>
              <td>
                <Chip tone={isOver ? 'warn' : 'ok'}>{isOver ? 'Expired' : 'In use'}</Chip>
                <div className={table.small}>until {dayText(expiresAtMs)}</div>
              </td>
              <td className={table.wide}>{dayText(enrolledAtMs)}</td>
              {mayEnrol && (
                <td className={styles.rowActions}>
                  <Button size="small" look="quiet" icon={Trash2} onClick={() => onForget(one)}>
                    Delete<span className="visually-hidden"> {personName ?? personId}</span>
                  </Button>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
