import { Siren } from 'lucide-react';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { Button } from '../../shared/ui/button.tsx';
import type { Viewer } from './life-steps.ts';

const FROM: readonly RevisionView['state'][] = ['checked', 'tested', 'impact_known', 'approved'];

interface EmergencyButtonProps {
  readonly revision: RevisionView;
  readonly viewer: Viewer;
  readonly onOpen: () => void;
}

export function EmergencyButton({ revision, viewer, onOpen }: EmergencyButtonProps) {
  if (!FROM.includes(revision.state) || !viewer.actions.includes('policy.emergency')) return null;
  return (
    <Button size="small" look="quiet" icon={Siren} onClick={onOpen}>
      Publish in an emergency
    </Button>
  );
}
