import { useState } from 'react';
import { draftFileSchema } from '#gateway/http/contract/policy.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../../shared/ui/dialog.tsx';
import { Field } from '../../../shared/ui/field.tsx';

interface AddFileDialogProps {
  readonly taken: readonly string[];
  readonly onAdd: (path: string) => void;
  readonly onClose: () => void;
}

export function AddFileDialog({ taken, onAdd, onClose }: AddFileDialogProps) {
  const [path, setPath] = useState('access/');
  const [tried, setTried] = useState(false);
  const problem = taken.includes(path)
    ? 'There is a file of this name.'
    : draftFileSchema.safeParse({ path, text: '' }).success
      ? undefined
      : 'Give a path such as access/visitors.rego or cases/visitors.cases.json.';
  return (
    <Dialog title="Add a file" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problem === undefined) onAdd(path);
        }}
      >
        <Field
          label="Path"
          hint="Rego in tests/ or named _test.rego are tests; JSON in cases/ are cases."
          error={tried ? problem : undefined}
        >
          {(control) => <input {...control} data-initial-focus value={path} onChange={(event) => setPath(event.target.value.trim())} />}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Add
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
