import type { z } from 'zod';
import type { dataChangedSchema } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { DialogActions } from '../../../shared/ui/dialog.tsx';
import { DecisionNumber, Notice } from '../../../shared/ui/states.tsx';

/** What came of a saved change, with the decision that allowed it. */
export function SavedVersion({ saved, onClose }: { saved: z.infer<typeof dataChangedSchema>; onClose: () => void }) {
  return (
    <div className="stack">
      <Notice tone="ok" role="status">
        Version {saved.version.version} is in force, for doors and systems alike.
      </Notice>
      {saved.version.decisionId !== null && <DecisionNumber id={saved.version.decisionId} />}
      <DialogActions>
        <Button look="primary" onClick={onClose} autoFocus>
          Done
        </Button>
      </DialogActions>
    </div>
  );
}
