import { Pencil, Trash2 } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';
import styles from './rows.module.css';

interface ItemButtonsProps {
  /** What the buttons act on, for those who do not see the row. */
  readonly name: string;
  readonly onEdit?: () => void;
  readonly onRemove?: () => void;
}

export function ItemButtons({ name, onEdit, onRemove }: ItemButtonsProps) {
  return (
    <span className={styles.actions}>
      {onEdit !== undefined && (
        <Button size="small" icon={Pencil} aria-label={`Edit ${name}`} onClick={onEdit}>
          Edit
        </Button>
      )}
      {onRemove !== undefined && <Button size="small" look="quiet" icon={Trash2} aria-label={`Remove ${name}`} onClick={onRemove} />}
    </span>
  );
}
