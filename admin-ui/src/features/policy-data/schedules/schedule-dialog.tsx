import { useState } from 'react';
import { WINDOWS_MAX, type PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { CheckField } from '../../../shared/ui/check-field.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ItemDialog } from '../item-dialog.tsx';
import { idFromName } from '../new-id.ts';
import { ALWAYS, type NamedSchedule } from './schedules.ts';
import { toScheduleWindow, toWeekWindow, type WeekWindow } from './week-windows.ts';
import { WindowsEditor } from './windows-editor.tsx';

const texts: FieldErrors = {
  name: 'Give a name of at most 100 characters.',
  'windows.weekdays': 'Choose at least one day.',
  'windows.until': 'It ends when it begins. For a whole day take 00:00 to 00:00.',
};
const NEW_WINDOW: WeekWindow = { weekdays: [1, 2, 3, 4, 5], fromMinute: 480, untilMinute: 1_080 };

interface ScheduleDialogProps {
  readonly data: PolicyDataView;
  readonly schedule?: NamedSchedule;
  readonly onClose: () => void;
}

export function ScheduleDialog({ data, schedule, onClose }: ScheduleDialogProps) {
  const [baseVersion] = useState(data.version);
  const [name, setName] = useState(schedule?.name ?? '');
  const [windows, setWindows] = useState<readonly WeekWindow[]>(schedule?.item.windows.map(toWeekWindow) ?? [NEW_WINDOW]);
  const [onHolidays, setOnHolidays] = useState(schedule?.item.onHolidays ?? false);
  const isTaken = (id: string): boolean => id === ALWAYS || id in data.parts.schedules || id in data.file.schedules;
  const id = schedule?.id ?? idFromName(name, 'schedule', isTaken);
  return (
    <ItemDialog
      title={schedule === undefined ? 'New schedule' : `Schedule ${schedule.name}`}
      baseVersion={baseVersion}
      texts={texts}
      change={() => ({ part: 'schedules', id, value: { name, windows: windows.map(toScheduleWindow), onHolidays } })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field label="Name" hint={`Grants refer to it as ${id}.`} error={errorIn(errors, 'name')}>
            {(control) => (
              <input {...control} data-initial-focus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <WindowsEditor
            windows={windows}
            windowsMax={WINDOWS_MAX}
            errors={windows.map((_, index) => errorIn(errors, `windows.${String(index)}`))}
            onChange={setWindows}
          />
          <CheckField checked={onHolidays} onChange={setOnHolidays}>
            What begins on a holiday of the site counts too
          </CheckField>
        </>
      )}
    </ItemDialog>
  );
}
