import { CircleHelp, DoorClosedLocked, DoorOpen, LockKeyhole, LockKeyholeOpen, OctagonAlert, Unlock, type LucideIcon } from 'lucide-react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { capital } from '../log/describe-record.ts';
import { describeDoor, type DoorWords } from '../log/door-words.ts';
import { Chip } from './chip.tsx';

export const doorIcons: Readonly<Record<DoorWords['icon'], LucideIcon>> = {
  locked: LockKeyhole,
  unlocked: LockKeyholeOpen,
  open: DoorOpen,
  alarm: OctagonAlert,
  unknown: CircleHelp,
  free: Unlock,
  down: DoorClosedLocked,
};

/** `notKnown` is what to say instead while the live connection is down. */
export function DoorChip({ status, notKnown }: { status: DoorView['status']; notKnown: string | null }) {
  if (notKnown !== null) return <Chip tone="unknown">{capital(notKnown)}</Chip>;
  const { tone, icon, label } = describeDoor(status);
  return (
    <Chip tone={tone} icon={doorIcons[icon]}>
      {label}
    </Chip>
  );
}
