import { Ban, CircleCheck, DoorOpen, ShieldAlert } from 'lucide-react';
import type { PersonView } from '#gateway/http/contract/admin.ts';
import { Chip } from './chip.tsx';

export function StandingChip({ standing }: { standing: PersonView['standing'] }) {
  switch (standing) {
    case 'active':
      return (
        <Chip tone="ok" icon={CircleCheck}>
          Active
        </Chip>
      );
    case 'restricted':
      return (
        <Chip tone="warn" icon={ShieldAlert}>
          Restricted
        </Chip>
      );
    case 'suspended':
      return (
        <Chip tone="deny" icon={Ban}>
          Suspended
        </Chip>
      );
    case 'departed':
      return (
        <Chip tone="unknown" icon={DoorOpen}>
          Departed
        </Chip>
      );
  }
}
