import { Button } from '../../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../../shared/ui/dialog.tsx';

interface LeaveDialogProps {
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly onDiscard: () => void;
}

export function LeaveDialog({ onStay, onLeave, onDiscard }: LeaveDialogProps) {
  return (
    <Dialog title="Unsaved changes" onClose={onStay}>
      <p>What you wrote is no revision yet. It stays in this tab until you close it: open the same revision in the editor to go on.</p>
      <DialogActions>
        <Button look="danger" onClick={onDiscard}>
          Discard it
        </Button>
        <Button onClick={onLeave}>Leave it here</Button>
        <Button look="primary" onClick={onStay} data-initial-focus>
          Go on writing
        </Button>
      </DialogActions>
    </Dialog>
  );
}
