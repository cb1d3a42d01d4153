import { useMutation } from '@tanstack/react-query';
import { TrendingUp } from 'lucide-react';
import { useState } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { dataChangedSchema, type PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { ReasonField } from './reason-field.tsx';
import styles from './rows.module.css';
import { SavedVersion } from './saved-version.tsx';
import { SelectField } from './select-field.tsx';
import { EVERYWHERE, LEVELS, threatPlaces, threatsNow, threatWords } from './threats.ts';
import { useRefreshData } from './use-refresh-data.ts';

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
  // What somebody else changed elsewhere meanwhile does not hold this up: it is made on the newest version that the page has.
  const raise = useMutation({
    mutationFn: ({ place, level, lastsHours, reason }: Raise) => {
      const untilMs = lastsHours === 0 ? null : Date.now() + lastsHours * HOUR_MS;
      const changes = [{ part: 'threats', id: place, value: { level, untilMs, note: reason } }];
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
      <RaiseForm data={data} error={raise.error} busy={raise.isPending} onRaise={raise.mutate} onClose={onClose} />
    </Dialog>
  );
}

interface Raise {
  readonly place: string;
  readonly level: number;
  readonly lastsHours: number;
  readonly reason: string;
}

interface RaiseFormProps {
  readonly data: PolicyDataView;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onRaise: (raise: Raise) => void;
  readonly onClose: () => void;
}

function RaiseForm({ data, error, busy, onRaise, onClose }: RaiseFormProps) {
  const [place, setPlace] = useState<string>(EVERYWHERE);
  const [wanted, setWanted] = useState(LEVEL_AT_FIRST);
  const [lastsHours, setLastsHours] = useState(0);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const now = threatsNow(data, Date.now()).find(({ id }) => id === place)?.level ?? 0;
  const levels = LEVELS.filter((each) => each > now);
  const level = Math.max(wanted, levels[0] ?? LEVEL_MAX);
  const body = reasonBodySchema.safeParse({ reason });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (body.success && !busy && levels.length > 0) onRaise({ place, level, lastsHours, reason: body.data.reason });
      }}
    >
      <div className={styles.pair}>
        <SelectField label="Where" value={place} choices={threatPlaces(data)} onChange={setPlace} />
        <SelectField
          label="Level"
          value={String(level)}
          choices={levels.map((each) => ({ value: String(each), label: String(each) }))}
          onChange={(next) => setWanted(Number(next))}
        />
        <SelectField label="For" value={String(lastsHours)} choices={LASTS} onChange={(next) => setLastsHours(Number(next))} />
      </div>
      <p role="status">{levels.length === 0 ? 'It is at its highest there.' : threatWords(level)}</p>
      <ReasonField reason={reason} isMissing={tried && !body.success} onReason={setReason} />
      {error !== null && <RaiseProblem error={error} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="danger" icon={TrendingUp} busy={busy}>
          Raise it
        </Button>
      </DialogActions>
    </form>
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
