import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileCheck, ScanFace, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Instant, useNow } from '../../shared/ui/time.tsx';
import { DeleteFaceDialog } from './face-order-dialog.tsx';
import { ReceiptDialog } from './receipt-dialog.tsx';
import { templatesQuery } from './terminal-queries.ts';
import { describeTemplate, shortHash } from './terminal-words.ts';
import styles from './terminals.module.css';

/** Years ahead: a day without its year would mislead. */
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

interface TemplatesPanelProps {
  /** Names of the terminals. */
  readonly labels: Readonly<Record<string, string>>;
  readonly mayDelete: boolean;
}

/** The book of who is, or was, enrolled where. No picture and no template is in it. */
export function TemplatesPanel({ labels, mayDelete }: TemplatesPanelProps) {
  const templates = useInfiniteQuery(templatesQuery);
  const [opened, setOpened] = useState<{ readonly template: FaceTemplateRow; readonly as: 'receipt' | 'delete' } | null>(null);
  const rows = templates.data?.pages.flatMap((page) => page.templates) ?? [];
  const close = () => setOpened(null);
  return (
    <Panel title="Who is enrolled where">
      {templates.data === undefined ? (
        <Pending query={templates} />
      ) : rows.length === 0 ? (
        <Empty icon={ScanFace} title="Nobody’s face is enrolled" />
      ) : (
        <table className={table.table}>
          <TableHead columns={['Person', 'State']} wide={['Enrolled', 'Pack']} hasActions />
          <tbody>
            {rows.map((template) => (
              <TemplateRow
                key={template.id}
                template={template}
                label={labels[template.deviceId]}
                mayDelete={mayDelete}
                onOpen={setOpened}
              />
            ))}
          </tbody>
        </table>
      )}
      {templates.hasNextPage && (
        <LoadMore label="Load more" busy={templates.isFetchingNextPage} onClick={() => void templates.fetchNextPage()} />
      )}
      {opened?.as === 'receipt' && <ReceiptDialog template={opened.template} onClose={close} />}
      {opened?.as === 'delete' && (
        <DeleteFaceDialog template={opened.template} label={labels[opened.template.deviceId] ?? opened.template.deviceId} onClose={close} />
      )}
    </Panel>
  );
}

interface TemplateRowProps {
  readonly template: FaceTemplateRow;
  readonly label: string | undefined;
  readonly mayDelete: boolean;
  readonly onOpen: (opened: { template: FaceTemplateRow; as: 'receipt' | 'delete' }) => void;
}

function TemplateRow({ label, mayDelete, onOpen, template }: TemplateRowProps) {
  const { deletionOrderedAtMs, endedAtMs, enrolledAtMs, expiresAtMs, hasReceipt, packHash, personId, personName, status } = template;
  const nowMs = useNow(60_000);
  const { label: state, tone } = describeTemplate(template, nowMs);
  const who = personName ?? personId;
  return (
    <tr>
      <td>
        <Link to="/console/people/$personId" params={{ personId }}>
          {who}
        </Link>
        <div className={table.small}>
          {label ?? template.deviceId}
          {template.storage === 'carried' && ', carried by the person'}
        </div>
      </td>
      <td>
        <Chip tone={tone}>{state}</Chip>
        <div className={table.small}>
          {status !== 'kept' && <Instant atMs={endedAtMs ?? enrolledAtMs} precision="minute" />}
          {status === 'kept' && deletionOrderedAtMs === null && `until ${dayFormat.format(expiresAtMs)}`}
          {status === 'kept' && deletionOrderedAtMs !== null && (
            <>
              ordered <Instant atMs={deletionOrderedAtMs} precision="minute" />
            </>
          )}
        </div>
      </td>
      <td className={table.wide}>
        <Instant atMs={enrolledAtMs} precision="minute" />
      </td>
      <td className={table.wide}>
        <code>{shortHash(packHash)}</code>
      </td>
      <td className={styles.rowActions}>
        {hasReceipt && (
          <Button size="small" look="quiet" icon={FileCheck} onClick={() => onOpen({ template, as: 'receipt' })}>
            Receipt<span className="visually-hidden"> of {who}</span>
          </Button>
        )}
        {status === 'kept' && mayDelete && (
          <Button size="small" look="quiet" icon={Trash2} onClick={() => onOpen({ template, as: 'delete' })}>
            Delete<span className="visually-hidden"> {who}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}
