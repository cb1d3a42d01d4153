import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileCheck, ScanFace, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { FaceTemplateRow, FaceTerminal } from '#gateway/http/contract/face.ts';
import { EndFaceDialog } from '../../shared/faces/end-face-dialog.tsx';
import { templatesQuery } from '../../shared/faces/face-queries.ts';
import { ReceiptDialog } from '../../shared/faces/receipt-dialog.tsx';
import { dayText, describeTemplate, shortHash, terminalOf } from '../../shared/faces/template-words.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Instant, useNow } from '../../shared/ui/time.tsx';
import styles from './terminals.module.css';

interface TemplatesPanelProps {
  readonly terminals: readonly FaceTerminal[];
  readonly mayDelete: boolean;
}

/** The book of who is, or was, enrolled where. No picture and no template is in it. */
export function TemplatesPanel({ mayDelete, terminals }: TemplatesPanelProps) {
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
                label={terminalOf(terminals, template).label}
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
        <EndFaceDialog template={opened.template} terminal={terminalOf(terminals, opened.template)} onClose={close} />
      )}
    </Panel>
  );
}

interface TemplateRowProps {
  readonly template: FaceTemplateRow;
  readonly label: string;
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
        <div className={table.small}>{template.storage === 'carried' ? `carried by the person, enrolled at ${label}` : label}</div>
      </td>
      <td>
        <Chip tone={tone}>{state}</Chip>
        <div className={table.small}>
          {status !== 'kept' && <Instant atMs={endedAtMs ?? enrolledAtMs} precision="minute" />}
          {status === 'kept' && deletionOrderedAtMs === null && `until ${dayText(expiresAtMs)}`}
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
            Delete<span className="visually-hidden"> the face of {who}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}
