import {
  AppWindow,
  BellRing,
  BookUser,
  DoorClosed,
  FileCheck,
  KeyRound,
  LogOut,
  MapPin,
  ScrollText,
  Search,
  Server,
  SmartphoneNfc,
  UserCog,
  type LucideIcon,
} from 'lucide-react';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { Chip } from '../ui/chip.tsx';
import { describeRecord } from './describe-record.ts';

/** Decisions and outcomes carry the icon of their effect; every other kind has its own. */
const icons: Readonly<Record<Exclude<Entry['record']['type'], 'decision' | 'outcome'>, LucideIcon>> = {
  door_state: DoorClosed,
  egress: LogOut,
  reader_state: SmartphoneNfc,
  alarm: BellRing,
  presence: MapPin,
  standing: UserCog,
  revocation_receipt: FileCheck,
  session: AppWindow,
  credential: KeyRound,
  directory_change: BookUser,
  reinstatement_requested: UserCog,
  policy_revision: ScrollText,
  access_search: Search,
  system: Server,
};

export function RecordChip({ record }: { record: Entry['record'] }) {
  const { tone, label } = describeRecord(record);
  if (record.type === 'decision' || record.type === 'outcome') return <Chip tone={tone}>{label}</Chip>;
  return (
    <Chip tone={tone} icon={icons[record.type]}>
      {label}
    </Chip>
  );
}
