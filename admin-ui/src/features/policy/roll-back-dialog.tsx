import { useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { revisionQuery } from './policy-queries.ts';
import { revisionName, shortHash } from './revision-words.ts';
import { StepDialog } from './step-dialog.tsx';

interface RollBackDialogProps {
  /** What comes back. */
  readonly revisionId: string;
  readonly active: RevisionView | undefined;
  readonly onClose: () => void;
}

/** Back to a revision that was in force, in one action. It says by its name what comes back and what goes. */
export function RollBackDialog({ revisionId, active, onClose }: RollBackDialogProps) {
  const { data } = useQuery(revisionQuery(revisionId));
  const name = data === undefined ? revisionId : `${revisionName(data.revision)} (${shortHash(data.revision)})`;
  const goes = active === undefined ? 'what is in force now' : `${revisionName(active)} (${shortHash(active)})`;
  return (
    <StepDialog
      title="Roll back"
      lead={
        <>
          <p>
            This returns: <strong>{name}</strong>
          </p>
          <p>
            It replaces {goes}, which stays in the list. Doors and logins decide by it at once, and whoever is signed in is decided anew.
          </p>
        </>
      }
      action="Roll back"
      icon={Undo2}
      look="danger"
      path="/api/policy/rollback"
      body={{ revisionId }}
      onClose={onClose}
    />
  );
}
