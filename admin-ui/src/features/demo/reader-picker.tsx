import { DoorOpen, LogIn, LogOut } from 'lucide-react';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import styles from './reader-picker.module.css';

type Reader = DemoView['readers'][number];

interface ReaderPickerProps {
  readonly readers: readonly Reader[];
  readonly exitDoorIds: readonly string[];
  readonly value: string;
  readonly onChange: (readerId: string) => void;
  readonly onExit: (doorId: string) => void;
}

/** Radio buttons, so that the arrow keys walk through the readers; grouped by site, one line a door. */
export function ReaderPicker({ readers, exitDoorIds, value, onChange, onExit }: ReaderPickerProps) {
  const sites = Map.groupBy(readers, (reader) => reader.siteName);
  return (
    <fieldset className={styles.readers}>
      <legend>Reader</legend>
      {[...sites].map(([site, siteReaders]) => (
        <div key={site} className={styles.site}>
          <h3>{site}</h3>
          {[...Map.groupBy(siteReaders, (reader) => reader.doorId)].map(([doorId, doorReaders]) => (
            <div key={doorId} className={styles.door}>
              <span>{doorReaders[0]?.doorName}</span>
              <span className={styles.sides}>
                {doorReaders.map((reader) => (
                  <ReaderChoice key={reader.id} reader={reader} checked={value === reader.id} onChange={onChange} />
                ))}
                {exitDoorIds.includes(doorId) && (
                  <button
                    type="button"
                    className={styles.exit}
                    onClick={() => onExit(doorId)}
                    aria-label={`Press exit button, ${doorReaders[0]?.doorName ?? doorId}`}
                  >
                    <DoorOpen size={14} aria-hidden /> Press exit button
                  </button>
                )}
              </span>
            </div>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

function ReaderChoice({ reader, checked, onChange }: { reader: Reader; checked: boolean; onChange: (readerId: string) => void }) {
  const isEntry = reader.side === 'entry';
  return (
    <label className={styles.reader} title={reader.name}>
      <input
        type="radio"
        name="reader"
        value={reader.id}
        checked={checked}
        onChange={() => onChange(reader.id)}
        aria-label={`${reader.doorName}, ${reader.name}, ${isEntry ? 'way in' : 'way out'}`}
      />
      {isEntry ? <LogIn size={14} aria-hidden /> : <LogOut size={14} aria-hidden />}
      {isEntry ? 'In' : 'Out'}
    </label>
  );
}
