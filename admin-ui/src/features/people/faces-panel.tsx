import { useQuery } from '@tanstack/react-query';
import { Plus, ScanFace } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { EndFaceDialog } from '../../shared/faces/end-face-dialog.tsx';
import { EnrolFaceDialog } from '../../shared/faces/enrol-face-dialog.tsx';
import { facesOfPersonQuery, readerTemplatesQuery, terminalsQuery } from '../../shared/faces/face-queries.ts';
import { ForgetAtReadersDialog } from '../../shared/faces/forget-at-readers-dialog.tsx';
import { ReceiptDialog } from '../../shared/faces/receipt-dialog.tsx';
import { terminalOf } from '../../shared/faces/template-words.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { FaceRow, ReaderTemplateRow } from './face-rows.tsx';
import styles from './faces-panel.module.css';

type Opened = { readonly as: 'enrol' | 'forget' } | { readonly as: 'end' | 'receipt'; readonly template: FaceTemplateRow };

interface FacesPanelProps {
  readonly detail: PersonDetail;
  readonly actions: readonly string[];
}

/** Where the person's face is: with them, on terminals, or at readers that compare themselves. No picture and no template is in it. */
export function FacesPanel({ detail: { access, person }, actions }: FacesPanelProps) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const terminals = useQuery(terminalsQuery).data?.terminals ?? [];
  const close = () => setOpened(null);
  const mayEnrol = actions.includes('person.enrol');
  const doorIds = access.flatMap(({ resources }) => resources.flatMap(({ id, kind }) => (kind === 'door' ? [id] : [])));
  return (
    <Panel
      title="Face"
      aside={
        mayEnrol &&
        person.standing !== 'departed' && (
          <Button size="small" icon={Plus} onClick={() => setOpened({ as: 'enrol' })}>
            Enrol a face
          </Button>
        )
      }
    >
      <Faces personId={person.id} mayEnrol={mayEnrol} onOpen={setOpened} />
      <AtReaders personId={person.id} mayEnrol={mayEnrol} onOpen={setOpened} />
      {opened?.as === 'enrol' && <EnrolFaceDialog person={person} doorIds={doorIds} onClose={close} />}
      {opened?.as === 'receipt' && <ReceiptDialog template={opened.template} onClose={close} />}
      {opened?.as === 'end' && (
        <EndFaceDialog template={opened.template} terminal={terminalOf(terminals, opened.template)} onClose={close} />
      )}
      {opened?.as === 'forget' && <ForgetAtReadersDialog personId={person.id} who={person.displayName} onClose={close} />}
    </Panel>
  );
}

interface PartProps {
  readonly personId: string;
  readonly mayEnrol: boolean;
  readonly onOpen: (opened: Opened) => void;
}

function Faces({ personId, ...props }: PartProps) {
  const faces = useQuery(facesOfPersonQuery(personId));
  const terminals = useQuery(terminalsQuery).data?.terminals ?? [];
  if (faces.data === undefined) return <Pending query={faces} lines={2} />;
  const [kept, ended] = [true, false].map((isKept) => faces.data.templates.filter(({ status }) => (status === 'kept') === isKept));
  const rows = (templates: readonly FaceTemplateRow[] = []) => (
    <ul className={styles.rows}>
      {templates.map((template) => (
        <FaceRow
          key={template.id}
          template={template}
          terminal={terminalOf(terminals, template)}
          mayEnd={props.mayEnrol}
          onReceipt={() => props.onOpen({ as: 'receipt', template })}
          onEnd={() => props.onOpen({ as: 'end', template })}
        />
      ))}
    </ul>
  );
  return (
    <>
      {kept?.length === 0 ? (
        <Empty icon={ScanFace} title="No face is enrolled">
          Only with the person’s consent, at a terminal. Another way in stays open to them.
        </Empty>
      ) : (
        rows(kept)
      )}
      {ended !== undefined && ended.length > 0 && (
        <details className={styles.ended}>
          <summary>{ended.length === 1 ? '1 that has ended' : `${String(ended.length)} that have ended`}</summary>
          {rows(ended)}
        </details>
      )}
    </>
  );
}

/** Shown only where there is something: most installations have no such reader. */
function AtReaders({ mayEnrol, onOpen, personId }: PartProps) {
  const kept = useQuery(readerTemplatesQuery(personId));
  if (kept.isError && kept.data === undefined) return <Pending query={kept} />;
  const { templates = [] } = kept.data ?? {};
  if (templates.length === 0) return null;
  return (
    <section className={styles.readers} aria-label="At readers with their own scanner">
      <div className={styles.readersHead}>
        <h3>At readers with their own scanner</h3>
        {mayEnrol && (
          <Button size="small" look="quiet" onClick={() => onOpen({ as: 'forget' })}>
            Delete all<span className="visually-hidden"> that readers scan themselves</span>
          </Button>
        )}
      </div>
      <ul className={styles.rows}>
        {templates.map((template) => (
          <ReaderTemplateRow key={`${String(template.type)} ${String(template.format)}`} template={template} />
        ))}
      </ul>
    </section>
  );
}
