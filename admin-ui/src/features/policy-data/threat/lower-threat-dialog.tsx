import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Field } from '../../../shared/ui/field.tsx';
import { ItemDialog } from '../item-dialog.tsx';
import { LEVELS, threatWords, type Threat } from './threats.ts';

interface LowerThreatDialogProps {
  readonly data: PolicyDataView;
  readonly threat: Threat;
  readonly onClose: () => void;
}

/** Lets people in again, so it is looked at before it is done. */
export function LowerThreatDialog({ data, threat, onClose }: LowerThreatDialogProps) {
  const [baseVersion] = useState(data.version);
  const [level, setLevel] = useState(0);
  const { id, untilMs, note } = threat;
  return (
    <ItemDialog
      title={`Lower the threat level, ${threat.place}`}
      baseVersion={baseVersion}
      texts={{}}
      change={() => ({ part: 'threats', id, value: level === 0 ? null : { level, untilMs, note } })}
      onClose={onClose}
    >
      {() => (
        <Field label="Level" hint={level === 0 ? 'Normal: clearance is asked for as the areas say.' : threatWords(level)}>
          {(control) => (
            <select {...control} data-initial-focus value={level} onChange={(event) => setLevel(Number(event.target.value))}>
              {LEVELS.filter((each) => each < threat.level).map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
      )}
    </ItemDialog>
  );
}
