import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { directoryQuery } from '../api/queries.ts';
import { Field } from './field.tsx';
import styles from './person-field.module.css';

/** Most people that are offered at once; the search narrows them. */
const OFFERED_MAX = 8;

interface PersonFieldProps {
  readonly personId: string;
  readonly error: string | undefined;
  /** Has the focus when its dialog opens. */
  readonly isFirst?: boolean;
  readonly onChange: (personId: string) => void;
}

/** One person out of many: found by name, chosen from what is found. */
export function PersonField({ personId, error, isFirst, onChange }: PersonFieldProps) {
  const directory = useQuery(directoryQuery);
  const people = directory.data?.people ?? {};
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = Object.entries(people).filter(([id, name]) => `${name} ${id}`.toLowerCase().includes(wanted));
  const offered = wanted === '' ? [] : found.slice(0, OFFERED_MAX);
  return (
    <div className="stack-s">
      <Field
        label="Person"
        error={error}
        hint={personId === '' ? 'Type a part of the name, then choose.' : `Chosen: ${people[personId] ?? personId}`}
      >
        {(control) => (
          <input
            {...control}
            data-initial-focus={isFirst}
            type="search"
            autoComplete="off"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
      </Field>
      {offered.length > 0 && (
        <ul className={styles.found} aria-label="People found">
          {offered.map(([id, name]) => (
            <li key={id}>
              <button
                type="button"
                className={styles.person}
                aria-pressed={id === personId}
                onClick={() => {
                  onChange(id);
                  setSearch('');
                }}
              >
                {name} <span className="soft">{id}</span>
              </button>
            </li>
          ))}
          {found.length > OFFERED_MAX && <li className="soft">and {found.length - OFFERED_MAX} more: type on</li>}
        </ul>
      )}
      {wanted !== '' && found.length === 0 && <p className="soft">Nobody matches.</p>}
    </div>
  );
}
