import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search, X } from 'lucide-react';
import { useId, useState } from 'react';
import { directoryQuery } from '../../shared/api/queries.ts';
import { HOST_OPERATOR_ID, HOST_OPERATOR_NAME } from '../../shared/log/operator-name.ts';
import { Button } from '../../shared/ui/button.tsx';
import { controlClass, SearchField } from '../../shared/ui/field.tsx';
import styles from './decisions.module.css';

export interface DecisionSearch {
  readonly effect?: 'permit' | 'deny' | undefined;
  readonly person?: string | undefined;
  readonly resource?: string | undefined;
}

interface FiltersProps {
  readonly search: DecisionSearch;
  readonly onSearch: (search: DecisionSearch) => void;
}

export function DecisionFilters({ search, onSearch }: FiltersProps) {
  const { data } = useQuery(directoryQuery);
  const set = (change: DecisionSearch) => onSearch({ ...search, ...change });
  const filtered = search.effect !== undefined || search.person !== undefined || search.resource !== undefined;
  return (
    <div className={styles.filters}>
      <label className={styles.filter}>
        <span>Effect</span>
        <select
          className={controlClass}
          value={search.effect ?? ''}
          onChange={(event) => set({ effect: event.target.value === '' ? undefined : (event.target.value as 'permit' | 'deny') })}
        >
          <option value="">Any</option>
          <option value="permit">Permit</option>
          <option value="deny">Deny</option>
        </select>
      </label>
      <Choice
        label="Person"
        names={{ ...data?.people, [HOST_OPERATOR_ID]: HOST_OPERATOR_NAME }}
        value={search.person}
        onChange={(person) => set({ person })}
      />
      <Choice
        label="Door or app"
        names={{ ...data?.doors, ...data?.apps }}
        value={search.resource}
        onChange={(resource) => set({ resource })}
      />
      <GoToDecision />
      {filtered && (
        <Button look="quiet" icon={X} onClick={() => onSearch({})}>
          Clear
        </Button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly names: Readonly<Record<string, string>>;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

/** A text field with suggestions: a name picks its identifier, and an identifier is taken as it is. */
function Choice({ label, names, value, onChange }: ChoiceProps) {
  const listId = useId();
  const shown = value === undefined ? '' : (names[value] ?? value);
  return (
    <label className={styles.filter}>
      <span>{label}</span>
      <input
        key={shown}
        list={listId}
        className={controlClass}
        placeholder="Any"
        defaultValue={shown}
        onChange={(event) => {
          const id = idOf(names, event.target.value);
          if (id !== undefined && id !== value) onChange(id);
        }}
        onBlur={(event) => {
          const text = event.target.value.trim();
          const id = text === '' ? undefined : (idOf(names, text) ?? text);
          if (id !== value) onChange(id);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      <datalist id={listId}>
        {Object.entries(names).map(([id, name]) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </label>
  );
}

function idOf(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.keys(names).find((id) => names[id] === name);
}

function GoToDecision() {
  const [id, setId] = useState('');
  const navigate = useNavigate();
  return (
    <form
      className={styles.goTo}
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() !== '') void navigate({ to: '/console/decisions/$decisionId', params: { decisionId: id.trim() } });
      }}
    >
      <SearchField
        icon={<Search size={15} aria-hidden />}
        placeholder="Decision number"
        aria-label="Open a decision by its number"
        value={id}
        onSearch={setId}
      />
    </form>
  );
}
