import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './item-list.module.css';

interface Item {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly note?: string;
  readonly aside: ReactNode;
}

/** The rows of a panel: what it is, and how it stands at the end of the line. */
export function ItemList({ items }: { items: readonly Item[] }) {
  return (
    <ul className={styles.list}>
      {items.map(({ key, icon: Icon, name, note, aside }) => (
        <li key={key}>
          <Icon size={16} aria-hidden />
          <span className={styles.text}>
            <strong>{name}</strong>
            {note !== undefined && <span className="soft">{note}</span>}
          </span>
          {aside}
        </li>
      ))}
    </ul>
  );
}
