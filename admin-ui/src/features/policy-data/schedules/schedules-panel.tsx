import { CalendarClock, Plus } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Chip } from '../../../shared/ui/chip.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { ItemButtons } from '../item-buttons.tsx';
import { RemoveDialog } from '../item-dialog.tsx';
import styles from '../rows.module.css';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { schedulesOf, type NamedSchedule } from './schedules.ts';
import { describeWindow, openMinutes, toWeekWindow } from './week-windows.ts';

type Open = { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly schedule: NamedSchedule } | null;

export function SchedulesPanel({ data }: { data: PolicyDataView }) {
  const [open, setOpen] = useState<Open>(null);
  const schedules = schedulesOf(data);
  const close = (): void => setOpen(null);
  return (
    <Panel
      title="Schedules"
      aside={
        data.may.edit && (
          <Button size="small" icon={Plus} onClick={() => setOpen({ kind: 'new' })}>
            New schedule
          </Button>
        )
      }
    >
      {schedules.length === 0 ? (
        <Empty icon={CalendarClock} title="No schedules yet">
          Without one, a grant holds always.
        </Empty>
      ) : (
        <ul className={styles.rows}>
          {schedules.map((schedule) => (
            <li key={schedule.id}>
              <ScheduleFacts schedule={schedule} />
              {data.may.edit && (
                <ItemButtons
                  name={schedule.name}
                  onEdit={() => setOpen({ kind: 'edit', schedule })}
                  {...(schedule.source === 'file' ? {} : { onRemove: () => setOpen({ kind: 'remove', schedule }) })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {open?.kind === 'new' && <ScheduleDialog data={data} onClose={close} />}
      {open?.kind === 'edit' && <ScheduleDialog data={data} schedule={open.schedule} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveDialog
          title={open.schedule.source === 'both' ? 'Back to the configuration' : `Remove ${open.schedule.name}`}
          baseVersion={data.version}
          part="schedules"
          id={open.schedule.id}
          onClose={close}
        />
      )}
    </Panel>
  );
}

function ScheduleFacts({ schedule }: { schedule: NamedSchedule }) {
  const windows = schedule.item.windows.map(toWeekWindow);
  return (
    <div className={styles.facts}>
      <span className={styles.head}>
        <strong>{schedule.name}</strong>
        {schedule.name !== schedule.id && <code>{schedule.id}</code>}
        {schedule.source !== 'data' && (
          <Chip tone="info">{schedule.source === 'file' ? 'From the configuration' : 'In place of the configuration'}</Chip>
        )}
      </span>
      {windows.length === 0 ? <span>Never</span> : windows.map((window, index) => <span key={index}>{describeWindow(window)}</span>)}
      <span className="soft">
        {Math.round(openMinutes(windows) / 6) / 10} hours a week, {schedule.item.onHolidays ? 'on holidays too' : 'not on holidays'}
      </span>
    </div>
  );
}
