import { useQuery } from '@tanstack/react-query';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import type { FaceTerminal } from '#gateway/http/contract/face.ts';
import { doorsQuery } from '../api/queries.ts';
import { Field } from '../ui/field.tsx';
import { Pending } from '../ui/loaded.tsx';
import { Notice } from '../ui/states.tsx';
import { terminalsQuery } from './face-queries.ts';

interface TerminalFieldProps {
  readonly terminalId: string;
  /** Doors whose sites are the person's. */
  readonly doorIds: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (terminal: FaceTerminal | null) => void;
}

/** Where the person stands: the terminals of their sites come first. */
export function TerminalField({ doorIds, error, onChange, terminalId }: TerminalFieldProps) {
  const terminals = useQuery(terminalsQuery);
  const doors = useQuery(doorsQuery).data?.doors ?? [];
  if (terminals.data === undefined) return <Pending query={terminals} lines={1} />;
  const active = terminals.data.terminals.filter(({ status }) => status === 'active');
  if (active.length === 0) {
    return (
      <Notice tone="warn">
        <p>There is no terminal yet. One is added on the page of face terminals.</p>
      </Notice>
    );
  }
  const own = sitesOf(doors, doorIds);
  const near = active.filter(({ readerId }) => own.has(siteOf(doors, readerId)));
  const far = active.filter((one) => !near.includes(one));
  const option = (one: FaceTerminal) => (
    <option key={one.id} value={one.id}>
      {one.label}
      {stateOf(one)}
    </option>
  );
  return (
    <Field label="Terminal" hint="The person has ten minutes to get there." error={error}>
      {(control) => (
        <select {...control} value={terminalId} onChange={(event) => onChange(active.find(({ id }) => id === event.target.value) ?? null)}>
          <option value="">Choose a terminal</option>
          {near.length > 0 && <optgroup label="At their sites">{near.map(option)}</optgroup>}
          {far.length > 0 && <optgroup label={near.length > 0 ? 'Elsewhere' : 'All'}>{far.map(option)}</optgroup>}
        </select>
      )}
    </Field>
  );
}

const siteOf = (doors: readonly DoorView[], readerId: string): string =>
  doors.find(({ readers }) => readers.some(({ id }) => id === readerId))?.siteName ?? '';

const sitesOf = (doors: readonly DoorView[], doorIds: readonly string[]): ReadonlySet<string> =>
  new Set(doors.flatMap(({ id, siteName }) => (doorIds.includes(id) ? [siteName] : [])));

function stateOf({ camera, isListening }: FaceTerminal): string {
  if (!isListening) return ' (silent)';
  return camera === 'lost' ? ' (camera lost)' : '';
}
