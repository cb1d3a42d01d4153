import { useMutation } from '@tanstack/react-query';
import { TrendingUp } from 'lucide-react';
import { useState } from 'react';
import { dataChangedSchema, type PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { toApiError } from '../../../shared/api/api-error.ts';
import { postJson } from '../../../shared/api/client.ts';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { ReasonForm } from '../../../shared/ui/reason-form.tsx';
import { Notice, ProblemNotice } from '../../../shared/ui/states.tsx';
import { DATA_REASON_HINT } from '../changes/reason-hint.ts';
import styles from '../rows.module.css';
import { SavedVersion } from '../changes/saved-version.tsx';
import { SelectField } from '../select-field.tsx';
import { EVERYWHERE, LEVELS, threatPlaces, threatsNow, threatWords } from './threats.ts';
import { useRefreshData } from '../use-refresh-data.ts';

/** Hours; 0 = without an end of its own. */
const LASTS = [
  { value: '0', label: 'Until it is lowered' },
  { value: '1', label: '1 hour' },
  { value: '4', label: '4 hours' },
  { value: '24', label: '24 hours' },
] as const;
const HOUR_MS = 3_600_000;
const LEVEL_AT_FIRST = 3;
const LEVEL_MAX = 5;

/** In a hurry: where, how high, how long, why. There is nothing to preview, since nobody is let in by it. */
export function RaiseThreatDialog({ data, onClose }: { data: PolicyDataView; onClose: () => void }) {
  const refresh = useRefreshData();
  const [wanted, setWanted] = useState<Wanted>({ place: EVERYWHERE, level: LEVEL_AT_FIRST, lastsHours: 0 });
  const now = threatsNow(data, Date.now()).find(({ id }) => id === wanted.place)?.level ?? 0;
  const levels = LEVELS.filter((each) => each > now);
  const level = Math.max(wanted.level, levels[0] ?? LEVEL_MAX);
  // What somebody else changed elsewhere meanwhile does not hold this up: it is made on the newest version that the page has.
  const raise = useMutation({
    mutationFn: (reason: string) => {
      const untilMs = wanted.lastsHours === 0 ? null : Date.now() + wanted.lastsHours * HOUR_MS;
      const changes = [{ part: 'threats', id: wanted.place, value: { level, untilMs, note: reason } }];
      return postJson('/api/policy/data/changes', { baseVersion: data.version, changes, reason }, dataChangedSchema);
    },
    onSettled: refresh,
  });
  if (raise.isSuccess) {
    return (
      <Dialog title="Threat level raised" onClose={onClose}>
        <SavedVersion saved={raise.data} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Raise the threat level" onClose={onClose}>
      <ReasonForm
        isReady={levels.length > 0}
        hint={DATA_REASON_HINT}
        action="Raise it"
        icon={TrendingUp}
        look="danger"
        busy={raise.isPending}
        error={raise.error}
        problem={(error) => <RaiseProblem error={error} />}
        onSubmit={raise.mutate}
        onClose={onClose}
      >
        {() => <RaiseFields data={data} levels={levels} wanted={{ ...wanted, level }} onChange={setWanted} />}
      </ReasonForm>
    </Dialog>
  );
}

interface Wanted {
  readonly place: string;
  readonly level: number;
  readonly lastsHours: number;
}

interface RaiseFieldsProps {
  readonly data: PolicyDataView;
  /** Higher than what is in force there. */
  readonly levels: readonly number[];
  readonly wanted: Wanted;
  readonly onChange: (wanted: Wanted) => void;
}

function RaiseFields({ data, levels, wanted, onChange }: RaiseFieldsProps) {
  return (
    <>
      <div className={styles.pair}>
        <SelectField
          label="Where"
          value={wanted.place}
          choices={threatPlaces(data)}
          isFirst
          onChange={(place) => onChange({ ...wanted, place })}
        />
        <SelectField
          label="Level"
          value={String(wanted.level)}
          choices={levels.map((each) => ({ value: String(each), label: String(each) }))}
          onChange={(level) => onChange({ ...wanted, level: Number(level) })}
        />
        <SelectField
          label="For"
          value={String(wanted.lastsHours)}
          choices={LASTS}
          onChange={(lastsHours) => onChange({ ...wanted, lastsHours: Number(lastsHours) })}
        />
      </div>
      <p role="status">{levels.length === 0 ? 'It is at its highest there.' : threatWords(wanted.level)}</p>
    </>
  );
}

function RaiseProblem({ error }: { error: Error }) {
  if (toApiError(error).status !== 409) return <ProblemNotice error={error} />;
  return (
    <Notice tone="warn" role="alert">
      Somebody else changed the data at the same moment. What is in force is shown now: press again to raise it.
    </Notice>
  );
}
