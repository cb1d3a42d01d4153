import { useId, useState } from 'react';
import { controlClass } from '../../shared/ui/field.tsx';
import styles from './choice-list.module.css';
import type { Choice } from './choice.ts';

interface ChoiceListProps {
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly error?: string | undefined;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** From here on a list is long enough to be searched. */
const SEARCHED_FROM = 9;

/** Any number of things out of a list. What is chosen and no longer on offer is shown as it is, so that it can be taken out. */
export function ChoiceList({ legend, choices, chosen, error, onChange }: ChoiceListProps) {
  const [search, setSearch] = useState('');
  const id = useId();
  const offered = new Set(choices.map(({ value }) => value));
  const all = [...choices, ...chosen.filter((value) => !offered.has(value)).map((value) => ({ value, label: value, note: 'not known' }))];
  const shown = all.filter(({ value, label }) => `${label} ${value}`.toLowerCase().includes(search.trim().toLowerCase()));
  const toggle = (value: string): void => onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <fieldset className={styles.list} aria-describedby={`${id}-note`}>
      <legend>{legend}</legend>
      {all.length >= SEARCHED_FROM && (
        <input
          type="search"
          className={controlClass}
          aria-label={`Search ${legend.toLowerCase()}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <div className={styles.choices}>
        {shown.map(({ value, label, note }) => (
          <label key={value} className={styles.choice}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span className={styles.text}>
              <span>{label}</span> {note !== undefined && <span className="soft">{note}</span>}
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className="soft">{all.length === 0 ? 'There is nothing to choose from.' : 'Nothing matches.'}</p>}
      </div>
      <p id={`${id}-note`} className={error === undefined ? 'soft' : styles.error}>
        {error ?? `${String(chosen.length)} chosen`}
      </p>
    </fieldset>
  );
}
