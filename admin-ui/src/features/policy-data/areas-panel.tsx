import { MapPinned } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { ItemButtons } from './item-buttons.tsx';
import { ItemDialog, RemoveDialog } from './item-dialog.tsx';
import styles from './rows.module.css';
import { LEVELS } from './threat/threats.ts';

type Area = PolicyDataView['file']['areas'][number];
type Open = { readonly kind: 'edit' | 'remove'; readonly area: Area } | null;

/** Areas are built by the configuration; how much each asks for is everyday work. */
export function AreasPanel({ data }: { data: PolicyDataView }) {
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const nameOf = (id: string): string => data.file.areas.find((area) => area.id === id)?.name ?? id;
  return (
    <Panel title="Areas">
      {data.file.areas.length === 0 ? (
        <Empty icon={MapPinned} title="No areas are configured" />
      ) : (
        <ul className={styles.rows}>
          {data.file.areas.map((area) => {
            const own = data.parts.areas[area.id];
            return (
              <li key={area.id}>
                <div className={styles.facts}>
                  <span className={styles.head}>
                    <strong>{area.name}</strong>
                    {own !== undefined && <Chip tone="info">In place of {area.securityLevel} in the configuration</Chip>}
                  </span>
                  <span>Security level {own?.securityLevel ?? area.securityLevel} of 5</span>
                  <span className="soft">
                    {data.file.sites.find(({ id }) => id === area.siteId)?.name ?? area.siteId}
                    {area.parentId !== null && `, inside ${nameOf(area.parentId)}`}
                  </span>
                </div>
                {data.may.edit && (
                  <ItemButtons
                    name={area.name}
                    onEdit={() => setOpen({ kind: 'edit', area })}
                    {...(own === undefined ? {} : { onRemove: () => setOpen({ kind: 'remove', area }) })}
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
      {open?.kind === 'edit' && <AreaDialog data={data} area={open.area} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveDialog title="Back to the configuration" baseVersion={data.version} part="areas" id={open.area.id} onClose={close} />
      )}
    </Panel>
  );
}

function AreaDialog({ data, area, onClose }: { data: PolicyDataView; area: Area; onClose: () => void }) {
  const [baseVersion] = useState(data.version);
  const [level, setLevel] = useState(data.parts.areas[area.id]?.securityLevel ?? area.securityLevel);
  return (
    <ItemDialog
      title={area.name}
      baseVersion={baseVersion}
      texts={{}}
      change={() => ({ part: 'areas', id: area.id, value: { securityLevel: level } })}
      onClose={onClose}
    >
      {() => (
        <Field label="Security level" hint="Whoever has less clearance does not come in through its doors. The way out stays free.">
          {(control) => (
            <select {...control} data-initial-focus value={level} onChange={(event) => setLevel(Number(event.target.value))}>
              {LEVELS.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
      )}
    </ItemDialog>
  );
}
