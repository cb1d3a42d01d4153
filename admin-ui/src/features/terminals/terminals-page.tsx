import { useQuery } from '@tanstack/react-query';
import { Ban, Camera, Plus, ScanFace } from 'lucide-react';
import { useState } from 'react';
import { emptySchema } from '#gateway/http/contract/common.ts';
import type { FaceTerminal } from '#gateway/http/contract/face.ts';
import { postJson } from '../../shared/api/client.ts';
import { directoryQuery, sessionQuery } from '../../shared/api/queries.ts';
import { EnrolFaceDialog } from '../../shared/faces/enrol-face-dialog.tsx';
import { FACE_KEYS, terminalsQuery } from '../../shared/faces/face-queries.ts';
import { shortHash } from '../../shared/faces/template-words.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { OfferDialog } from './offer-dialog.tsx';
import { TemplatesPanel } from './templates-panel.tsx';
import { describeOutcome, describeTerminal } from './terminal-words.ts';
import styles from './terminals.module.css';

type Opened = { readonly as: 'offer' } | { readonly as: 'enrol' | 'revoke'; readonly terminal: FaceTerminal };

export function TerminalsPage() {
  const terminals = useQuery(terminalsQuery);
  const actions = useQuery(sessionQuery).data?.actions ?? [];
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const mayMaintain = actions.includes('reader.maintain');
  const mayEnrol = actions.includes('person.enrol');
  const known = terminals.data?.terminals ?? [];
  return (
    <Page
      title="Face terminals"
      sub="Cameras beside readers. Pictures and templates stay on them; the gateway learns what they saw, signed."
      actions={
        mayMaintain && (
          <Button look="primary" icon={Plus} onClick={() => setOpened({ as: 'offer' })}>
            Add a terminal
          </Button>
        )
      }
    >
      <Panel>
        {terminals.data === undefined ? (
          <Pending query={terminals} />
        ) : known.length === 0 ? (
          <Empty icon={Camera} title="No terminal is enrolled">
            Readers work without one. A door that wants a face stays shut until it has one.
          </Empty>
        ) : (
          <TerminalTable terminals={known} mayEnrol={mayEnrol} mayMaintain={mayMaintain} onOpen={setOpened} />
        )}
      </Panel>
      <TemplatesPanel terminals={known} mayDelete={mayEnrol} />
      {opened?.as === 'offer' && <OfferDialog onClose={close} />}
      {opened?.as === 'enrol' && <EnrolFaceDialog terminal={opened.terminal} onClose={close} />}
      {opened?.as === 'revoke' && <RevokeDialog terminal={opened.terminal} onClose={close} />}
    </Page>
  );
}

interface TableProps {
  readonly terminals: readonly FaceTerminal[];
  readonly mayEnrol: boolean;
  readonly mayMaintain: boolean;
  readonly onOpen: (opened: Opened) => void;
}

function TerminalTable({ terminals, ...props }: TableProps) {
  return (
    <table className={table.table}>
      <TableHead columns={['Terminal', 'State']} wide={['Last outcomes', 'Enrolled']} hasActions />
      <tbody>
        {terminals.map((terminal) => (
          <TerminalRow key={terminal.id} terminal={terminal} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function TerminalRow({ mayEnrol, mayMaintain, onOpen, terminal }: Omit<TableProps, 'terminals'> & { readonly terminal: FaceTerminal }) {
  const { expired, kept, label, outcomes, packHash, readerId, seenAtMs, status } = terminal;
  const readers = useQuery(directoryQuery).data?.readers ?? {};
  const { label: state, tone } = describeTerminal(terminal);
  const isActive = status === 'active';
  return (
    <tr>
      <td>
        <strong>{label}</strong>
        <div className={table.small}>
          {readers[readerId] ?? readerId}, pack <code>{shortHash(packHash)}</code>
        </div>
      </td>
      <td>
        <Chip tone={tone}>{state}</Chip>
        {seenAtMs !== null && (
          <div className={table.small}>
            <Ago atMs={seenAtMs} />
          </div>
        )}
      </td>
      <td className={table.wide}>
        {outcomes.length === 0 ? <span className={table.small}>None since the gateway began</span> : <Outcomes outcomes={outcomes} />}
      </td>
      <td className={table.wide}>
        {kept} {kept === 1 ? 'face' : 'faces'}
        {expired > 0 && <div className={table.small}>{expired} expired</div>}
      </td>
      <td className={styles.rowActions}>
        {isActive && mayEnrol && (
          <Button size="small" look="quiet" icon={ScanFace} onClick={() => onOpen({ as: 'enrol', terminal })}>
            Enrol<span className="visually-hidden"> a face at {label}</span>
          </Button>
        )}
        {isActive && mayMaintain && (
          <Button size="small" look="quiet" icon={Ban} onClick={() => onOpen({ as: 'revoke', terminal })}>
            Revoke<span className="visually-hidden"> {label}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}

function Outcomes({ outcomes }: Pick<FaceTerminal, 'outcomes'>) {
  return (
    <ul className={styles.outcomes}>
      {outcomes.slice(0, 3).map(({ atMs, result }) => {
        const { label, tone } = describeOutcome(result);
        return (
          <li key={`${String(atMs)} ${result}`}>
            <Chip tone={tone}>{label}</Chip>{' '}
            <span className={table.small}>
              <Ago atMs={atMs} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function RevokeDialog({ terminal, onClose }: { terminal: FaceTerminal; onClose: () => void }) {
  const { id, kept, label } = terminal;
  return (
    <ReasonDialog
      title={`Revoke ${label}`}
      lead={`Its word counts no more, at once and for good. Doors that want a face there stay shut. ${
        kept === 0 ? '' : `It still holds ${String(kept)} templates: delete them first, or wipe the machine.`
      }`}
      action="Revoke"
      icon={Ban}
      look="danger"
      send={(reason) => postJson(`/api/face/terminals/${encodeURIComponent(id)}/revoke`, { reason }, emptySchema)}
      refresh={FACE_KEYS}
      done={() => ({ title: `${label} is revoked`, body: <p>The machine can be enrolled anew with another code.</p> })}
      onClose={onClose}
    />
  );
}
