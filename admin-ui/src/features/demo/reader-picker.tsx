import { LogIn, LogOut } from 'lucide-react';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import styles from './demo.module.css';

type Reader = DemoView['readers'][number];

interface ReaderPickerProps {
  readonly readers: readonly Reader[];
  readonly value: string;
  readonly onChange: (readerId: string) => void;
}

/** Radio buttons, so that the arrow keys walk through the readers; grouped by site, one line a door. */
export function ReaderPicker({ readers, value, onChange }: ReaderPickerProps) {
  const sites = Map.groupBy(readers, (reader) => reader.siteName);
  return (
    <fieldset className={styles.readers}>
      <legend>Reader</legend>
      {[...sites].map(([site, siteReaders]) => (
        <div key={site} className={styles.site}>
          <h3>{site}</h3>
          {[...Map.groupBy(siteReaders, (reader) => reader.doorName)].map(([door, doorReaders]) => (
            <div key={door} className={styles.door}>
              <span>{door}</span>
              <span className={styles.sides}>
                {doorReaders.map((reader) => (
                  <label key={reader.id} className={styles.reader} title={reader.name}>
                    <input
                      type="radio"
                      name="reader"
                      value={reader.id}
                      checked={value === reader.id}
                      onChange={() => onChange(reader.id)}
                      aria-label={`${door}, ${reader.name}, ${reader.side === 'entry' ? 'way in' : 'way out'}`}
                    />
                    {reader.side === 'entry' ? <LogIn size={14} aria-hidden /> : <LogOut size={14} aria-hidden />}
                    {reader.side === 'entry' ? 'In' : 'Out'}
                  </label>
                ))}
              </span>
            </div>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
