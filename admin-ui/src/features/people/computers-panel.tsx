import { useQuery } from '@tanstack/react-query';
import { Ban, Laptop, Plus, ScanFace } from 'lucide-react';
import { useState } from 'react';
import type { PersonView } from '#gateway/http/contract/admin.ts';
import type { DeskView } from '#gateway/http/contract/desk.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { agoText, useNow } from '../../shared/ui/time.tsx';
import { ComputerCodeDialog, ComputerFaceDialog, RevokeComputerDialog } from './computer-dialogs.tsx';
import { describeComputer, noteOfComputer } from './computer-words.ts';
import { computersQuery } from './computers-query.ts';
import styles from './person-page.module.css';

type Opened = { readonly as: 'code' } | { readonly as: 'face' | 'revoke'; readonly desk: DeskView };

interface ComputersPanelProps {
  readonly person: PersonView;
  readonly actions: readonly string[];
}

/** The person's own computers with an agent: how they are kept, when they were seen, and how one is added or taken out of use. */
export function ComputersPanel({ person, actions }: ComputersPanelProps) {
  const computers = useQuery(computersQuery(person.id));
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const mayEnrol = actions.includes('person.enrol');
  return (
    <Panel
      title="Computers"
      aside={
        mayEnrol && (
          <Button size="small" icon={Plus} onClick={() => setOpened({ as: 'code' })}>
            Computer code
          </Button>
        )
      }
    >
      {computers.isPending && <Skeleton lines={2} label="Loading the computers" />}
      {computers.isError && <ErrorState error={computers.error} onRetry={() => void computers.refetch()} />}
      {computers.data?.desks.length === 0 && (
        <Empty icon={Laptop} title="No computers">
          A computer code lets the person enrol one: it then shows how it is kept, and its camera can be used at sign-ins.
        </Empty>
      )}
      {computers.data !== undefined && computers.data.desks.length > 0 && (
        <Computers desks={computers.data.desks} mayEnrol={mayEnrol} onOpen={setOpened} />
      )}
      {opened?.as === 'code' && <ComputerCodeDialog person={person} onClose={close} />}
      {opened?.as === 'face' && <ComputerFaceDialog person={person} desk={opened.desk} onClose={close} />}
      {opened?.as === 'revoke' && <RevokeComputerDialog person={person} desk={opened.desk} onClose={close} />}
    </Panel>
  );
}

interface ComputersProps {
  readonly desks: readonly DeskView[];
  readonly mayEnrol: boolean;
  readonly onOpen: (opened: Opened) => void;
}

function Computers({ desks, mayEnrol, onOpen }: ComputersProps) {
  const nowMs = useNow(15_000);
  const items = desks.map((desk) => {
    const { label, tone } = describeComputer(desk);
    return {
      key: desk.id,
      icon: Laptop,
      name: desk.label,
      note: noteOfComputer(desk, (atMs) => agoText(atMs, nowMs)),
      aside: (
        <span className={styles.bannerActions}>
          <Chip tone={tone}>{label}</Chip>
          {mayEnrol && desk.status === 'active' && (
            <>
              {desk.packHash !== null && (
                <Button size="small" look="quiet" icon={ScanFace} onClick={() => onOpen({ as: 'face', desk })}>
                  Face<span className="visually-hidden"> on {desk.label}</span>
                </Button>
              )}
              <Button size="small" look="quiet" icon={Ban} onClick={() => onOpen({ as: 'revoke', desk })}>
                Revoke<span className="visually-hidden"> {desk.label}</span>
              </Button>
            </>
          )}
        </span>
      ),
    };
  });
  return <ItemList items={items} />;
}
