import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { ReceiptView } from './receipt-view.tsx';

export function ReceiptDialog({ template, onClose }: { template: FaceTemplateRow; onClose: () => void }) {
  return (
    <Dialog title={template.storage === 'carried' ? 'Receipt of a destroyed key' : 'Receipt of a deletion'} onClose={onClose}>
      <ReceiptView template={template} />
      <DialogActions>
        <Button look="primary" onClick={onClose} data-initial-focus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
