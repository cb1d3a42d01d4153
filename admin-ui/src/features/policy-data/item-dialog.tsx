import { Eye } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ItemChange } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { checkChange, type FieldErrors } from './changes/check-change.ts';
import { ReviewChanges } from './changes/review-changes.tsx';

interface ItemDialogProps {
  readonly title: string;
  /** What the form was filled from. */
  readonly baseVersion: number;
  /** The item as the form says it now. */
  readonly change: () => unknown;
  /** What to say at the fields, see `checkChange`. */
  readonly texts: FieldErrors;
  readonly children: (errors: FieldErrors) => ReactNode;
  readonly onClose: () => void;
}

/** A form for one item, and then what it changes. Its fields' values are its owner's, so that they are still there on the way back. */
export function ItemDialog({ title, baseVersion, change, texts, children, onClose }: ItemDialogProps) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const [reviewed, setReviewed] = useState<readonly ItemChange[] | null>(null);
  if (reviewed !== null) {
    return (
      <Dialog title={title} onClose={onClose}>
        <ReviewChanges
          baseVersion={baseVersion}
          changes={reviewed}
          onBack={(found = {}) => {
            setErrors(found);
            setReviewed(null);
          }}
          onClose={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const checked = checkChange(change(), texts);
          setErrors(checked.ok ? {} : checked.errors);
          if (checked.ok) setReviewed([checked.change]);
        }}
      >
        {children(errors)}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" icon={Eye}>
            See what it changes
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface RemoveDialogProps {
  readonly title: string;
  readonly baseVersion: number;
  readonly part: ItemChange['part'];
  readonly id: string;
  readonly onClose: () => void;
}

/** Taking an item out: nothing to fill in, so what it changes is shown at once. */
export function RemoveDialog({ title, baseVersion, part, id, onClose }: RemoveDialogProps) {
  const [changes] = useState<readonly ItemChange[]>([{ part, id, value: null }]);
  return (
    <Dialog title={title} onClose={onClose}>
      <ReviewChanges baseVersion={baseVersion} changes={changes} onClose={onClose} />
    </Dialog>
  );
}
