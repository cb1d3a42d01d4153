import { Button } from './button.tsx';
import styles from './page.module.css';

interface LoadMoreProps {
  readonly label: string;
  readonly busy: boolean;
  readonly onClick: () => void;
}

export function LoadMore({ label, busy, onClick }: LoadMoreProps) {
  return (
    <div className={styles.more}>
      <Button busy={busy} onClick={onClick}>
        {label}
      </Button>
    </div>
  );
}
