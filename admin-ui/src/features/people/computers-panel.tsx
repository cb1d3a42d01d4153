import { useQuery } from '@tanstack/react-query';
import { Laptop } from 'lucide-react';
import type { DeskView } from '#gateway/http/contract/desk.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { computersQuery } from './computers-query.ts';

/** What is not on, by name; what is not known is not on. */
function lacks({ disk_encryption, firewall, os, screen_lock, secure_boot }: NonNullable<DeskView['posture']>['told']): string {
  const parts = { 'disk encryption': disk_encryption, firewall, 'screen lock': screen_lock, 'secure boot': secure_boot };
  const off = Object.entries(parts).flatMap(([name, state]) => (state === 'on' ? [] : [`${name} ${state}`]));
  const age = os.age_days === null ? 'updates unknown' : `updated ${String(os.age_days)} days ago`;
  return [...off, age].join(', ');
}

function noteOf({ hasFace, keyKind, posture }: DeskView): string {
  const system = posture === null ? 'silent' : `${posture.told.os.name} ${posture.told.os.version}, ${lacks(posture.told)}`;
  return `${system} · key in ${keyKind === 'tpm' ? 'TPM' : 'file'} · ${hasFace ? 'face enrolled' : 'no face'}`;
}

function StateChip({ desk: { posture, status } }: { desk: DeskView }) {
  if (status === 'revoked') return <Chip tone="deny">Revoked</Chip>;
  if (posture === null) return <Chip tone="unknown">Unknown</Chip>;
  return posture.isCompliant ? <Chip tone="ok">Meets the rules</Chip> : <Chip tone="warn">Does not meet the rules</Chip>;
}

/** The person's own computers with an agent, and how they are kept. */
export function ComputersPanel({ personId }: { personId: string }) {
  const computers = useQuery(computersQuery(personId));
  return (
    <Panel title="Computers">
      {computers.isPending && <Skeleton lines={2} label="Loading the computers" />}
      {computers.isError && <ErrorState error={computers.error} onRetry={() => void computers.refetch()} />}
      {computers.data?.desks.length === 0 && (
        <Empty icon={Laptop} title="No computers">
          gatehouse desk offer makes a code with which the person enrols one.
        </Empty>
      )}
      {computers.data !== undefined && computers.data.desks.length > 0 && (
        <ItemList
          items={computers.data.desks.map((desk) => ({
            key: desk.id,
            icon: Laptop,
            name: desk.label,
            note: noteOf(desk),
            aside: <StateChip desk={desk} />,
          }))}
        />
      )}
    </Panel>
  );
}
