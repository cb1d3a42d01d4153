import { Plus, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../../shared/ui/button.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import { clockText, DAY_MINUTES, parseClock } from './clock-text.ts';
import { WeekChart } from './week-chart.tsx';
import { describeWindow, isOverMidnight, WEEKDAYS, weekdayNames, type WeekWindow } from './week-windows.ts';
import styles from './windows-editor.module.css';

interface WindowsEditorProps {
  readonly windows: readonly WeekWindow[];
  readonly windowsMax: number;
  /** Beside the windows of the same index. */
  readonly errors: readonly (string | undefined)[];
  readonly onChange: (windows: readonly WeekWindow[]) => void;
}

const OFFICE_HOURS: WeekWindow = { weekdays: [1, 2, 3, 4, 5], fromMinute: 8 * 60, untilMinute: 18 * 60 };

/** The times of a week in which something holds, window by window, with the week drawn beside them. */
export function WindowsEditor({ windows, windowsMax, errors, onChange }: WindowsEditorProps) {
  const replace = (at: number, next: WeekWindow): void => onChange(windows.map((window, index) => (index === at ? next : window)));
  return (
    <div className="stack-s">
      <WeekChart windows={windows} />
      {windows.map((window, index) => (
        <WindowFields
          key={index}
          name={`Window ${String(index + 1)}`}
          window={window}
          error={errors[index]}
          onChange={(next) => replace(index, next)}
          onRemove={() => onChange(windows.filter((_, at) => at !== index))}
        />
      ))}
      <div>
        <Button size="small" icon={Plus} disabled={windows.length >= windowsMax} onClick={() => onChange([...windows, OFFICE_HOURS])}>
          Add a window
        </Button>
      </div>
    </div>
  );
}

interface WindowFieldsProps {
  readonly name: string;
  readonly window: WeekWindow;
  readonly error: string | undefined;
  readonly onChange: (window: WeekWindow) => void;
  readonly onRemove: () => void;
}

function WindowFields({ name, window, error, onChange, onRemove }: WindowFieldsProps) {
  const toggle = (weekday: number): void => {
    const has = window.weekdays.includes(weekday);
    onChange({ ...window, weekdays: WEEKDAYS.filter((day) => (day === weekday ? !has : window.weekdays.includes(day))) });
  };
  return (
    <fieldset className={styles.window}>
      <legend className={styles.legend}>{name}</legend>
      <Weekdays chosen={window.weekdays} onToggle={toggle} />
      <div className={styles.times}>
        <TimeField label="From" minute={window.fromMinute} onChange={(fromMinute) => onChange({ ...window, fromMinute })} />
        <TimeField
          label="Until"
          minute={window.untilMinute}
          onChange={(untilMinute) => onChange({ ...window, untilMinute: untilMinute === 0 ? DAY_MINUTES : untilMinute })}
        />
        <Button size="small" look="quiet" icon={Trash2} aria-label={`Remove ${name.toLowerCase()}`} onClick={onRemove} />
      </div>
      {error !== undefined ? <p className={styles.error}>{error}</p> : <WindowNote window={window} />}
    </fieldset>
  );
}

function WindowNote({ window }: { window: WeekWindow }) {
  return (
    <p className={styles.note} role="status">
      {describeWindow(window)}
      {isOverMidnight(window) && '. It goes on past midnight: the days are those on which it begins.'}
    </p>
  );
}

function Weekdays({ chosen, onToggle }: { chosen: readonly number[]; onToggle: (weekday: number) => void }) {
  const id = useId();
  return (
    <div className={styles.days}>
      {WEEKDAYS.map((weekday) => (
        <label key={weekday} className={styles.day} htmlFor={`${id}-${String(weekday)}`}>
          <input
            id={`${id}-${String(weekday)}`}
            type="checkbox"
            aria-label={weekdayNames[weekday]}
            checked={chosen.includes(weekday)}
            onChange={() => onToggle(weekday)}
          />
          <span>{weekdayNames[weekday]?.slice(0, 3)}</span>
        </label>
      ))}
    </div>
  );
}

/** The browser's own field for a time. Midnight is shown as 00:00 at either end of the day. */
function TimeField({ label, minute, onChange }: { label: string; minute: number; onChange: (minute: number) => void }) {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="time"
          value={clockText(minute % DAY_MINUTES)}
          onChange={(event) => {
            const next = parseClock(event.target.value);
            if (next !== null) onChange(next);
          }}
        />
      )}
    </Field>
  );
}
