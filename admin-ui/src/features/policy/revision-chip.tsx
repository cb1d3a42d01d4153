import {
  FilePen,
  FlaskConical,
  GitCompareArrows,
  History,
  Radar,
  ShieldCheck,
  Signature,
  SpellCheck,
  UserCheck,
  type LucideIcon,
} from 'lucide-react';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { describeState } from './revision-words.ts';

const icons: Readonly<Record<RevisionView['state'], LucideIcon>> = {
  draft: FilePen,
  checked: SpellCheck,
  tested: FlaskConical,
  impact_known: Radar,
  approved: UserCheck,
  signed: Signature,
  shadow: GitCompareArrows,
  active: ShieldCheck,
  superseded: History,
};

export function RevisionChip({ state }: { state: RevisionView['state'] }) {
  const { tone, label } = describeState(state);
  return (
    <Chip tone={tone} icon={icons[state]}>
      {label}
    </Chip>
  );
}
