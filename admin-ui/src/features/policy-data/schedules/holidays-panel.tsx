import { CalendarOff, Plus } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Chip } from '../../../shared/ui/chip.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ItemButtons } from '../item-buttons.tsx';
import { ItemDialog, RemoveDialog } from '../item-dialog.tsx';
import styles from '../rows.module.css';

const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeZone: 'UTC' });
const texts: FieldErrors = { siteId: 'Choose a site.', date: 'Choose a day.', name: 'Give a name of at most 100 characters.' };

export function HolidaysPanel({ data }: { data: PolicyDataView }) {
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<string | null>(null);
  const all = { ...data.file.holidays, ...data.parts.holidays };
  const holidays = Object.entries(all).toSorted(([, left], [, right]) => left.date.localeCompare(right.date));
  const siteName = (id: string): string => data.file.sites.find((site) => site.id === id)?.name ?? id;
  return (
    <Panel
      title="Holidays"
      aside={
        data.may.edit && (
          <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
            New holiday
          </Button>
        )
      }
    >
      {holidays.length === 0 ? (
        <Empty icon={CalendarOff} title="No holidays">
          On a holiday of a site only schedules hold that say so.
        </Empty>
      ) : (
        <ul className={styles.rows}>
          {holidays.map(([id, { siteId, date, name }]) => (
            <li key={id}>
              <div className={styles.facts}>
                <span className={styles.head}>
                  <strong>{name === '' ? date : name}</strong>
                  {data.parts.holidays[id] === undefined && <Chip tone="info">From the configuration</Chip>}
                </span>
                <span className="soft">
                  {days.format(Date.parse(`${date}T00:00:00Z`))}, {siteName(siteId)}
                </span>
              </div>
              {data.may.edit && data.parts.holidays[id] !== undefined && (
                <ItemButtons name={`${name} ${date}`} onRemove={() => setRemoved(id)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {isAdding && <HolidayDialog data={data} onClose={() => setAdding(false)} />}
      {removed !== null && (
        <RemoveDialog title="Remove the holiday" baseVersion={data.version} part="holidays" id={removed} onClose={() => setRemoved(null)} />
      )}
    </Panel>
  );
}

function HolidayDialog({ data, onClose }: { data: PolicyDataView; onClose: () => void }) {
  const [baseVersion] = useState(data.version);
  const [siteId, setSiteId] = useState(data.file.sites[0]?.id ?? '');
  const [date, setDate] = useState('');
  const [name, setName] = useState('');
  return (
    <ItemDialog
      title="New holiday"
      baseVersion={baseVersion}
      texts={texts}
      change={() => ({ part: 'holidays', id: `${siteId}:${date}`, value: { siteId, date, name } })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field label="Name" error={errorIn(errors, 'name')}>
            {(control) => (
              <input {...control} data-initial-focus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <div className={styles.pair}>
            <Field label="Day" error={errorIn(errors, 'date')}>
              {(control) => <input {...control} type="date" value={date} onChange={(event) => setDate(event.target.value)} />}
            </Field>
            <Field label="Site" error={errorIn(errors, 'siteId')}>
              {(control) => (
                <select {...control} value={siteId} onChange={(event) => setSiteId(event.target.value)}>
                  {data.file.sites.map((site) => (
                    <option key={site.id} value={site.id}>
                      {site.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
        </>
      )}
    </ItemDialog>
  );
}
