import { useId } from 'react';
import { CONSENT, type FaceStorage } from './consent-words.ts';
import styles from './faces.module.css';

const CHOICES = [
  [
    'carried',
    'With the person',
    'On their card or phone, preferred. The terminal keeps nothing. It works at every terminal that reads it, while the gateway can be reached.',
  ],
  [
    'terminal',
    'On the terminal',
    'It is known there alone, also while the gateway cannot be reached. Enrol it at each terminal of their sites that is to know it.',
  ],
] as const satisfies readonly (readonly [FaceStorage, string, string])[];

interface StorageFieldProps {
  readonly value: FaceStorage;
  /** Has the focus when its dialog opens. */
  readonly isFirst: boolean;
  readonly onChange: (storage: FaceStorage) => void;
}

/** Where a face is kept, and what the person is asked at the terminal for it. */
export function StorageField({ isFirst, value, onChange }: StorageFieldProps) {
  const name = useId();
  return (
    <>
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>Where it is kept</legend>
        {CHOICES.map(([storage, title, note]) => (
          <label key={storage} className={styles.choice}>
            <input
              type="radio"
              name={name}
              data-initial-focus={(isFirst && value === storage) || undefined}
              checked={value === storage}
              onChange={() => onChange(storage)}
            />
            <strong>{title}</strong>
            <span>{note}</span>
          </label>
        ))}
      </fieldset>
      <figure className={styles.consent}>
        <figcaption>The terminal asks the person, and looks at nobody before they agree:</figcaption>
        <blockquote>{CONSENT[value]}</blockquote>
      </figure>
    </>
  );
}
