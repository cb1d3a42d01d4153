import { useId } from 'react';
import styles from './radio-cards.module.css';

interface RadioCardsProps<Value extends string> {
  readonly legend: string;
  /** A panel says the same above it. */
  readonly isLegendHidden?: boolean;
  readonly choices: readonly { readonly value: Value; readonly title: string; readonly note: string }[];
  readonly chosen: Value;
  /** What is chosen has the focus when its dialog opens. */
  readonly isFirst?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a few things that need a sentence each. */
export function RadioCards<Value extends string>({
  legend,
  isLegendHidden = false,
  choices,
  chosen,
  isFirst = false,
  onChange,
}: RadioCardsProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.cards}>
      <legend className={isLegendHidden ? 'visually-hidden' : undefined}>{legend}</legend>
      {choices.map(({ value, title, note }) => (
        <label key={value} className={styles.card}>
          <input
            type="radio"
            name={name}
            data-initial-focus={(isFirst && value === chosen) || undefined}
            checked={value === chosen}
            onChange={() => onChange(value)}
          />
          <strong>{title}</strong>
          <span>{note}</span>
        </label>
      ))}
    </fieldset>
  );
}
