import { RadioCards } from '../ui/radio-cards.tsx';
import { CONSENT, type FaceStorage } from './consent-words.ts';
import styles from './faces.module.css';

const CHOICES = [
  {
    value: 'carried',
    title: 'With the person',
    note: 'On their card or phone, preferred. The terminal keeps nothing. It works at every terminal that reads it, while the gateway can be reached.',
  },
  {
    value: 'terminal',
    title: 'On the terminal',
    note: 'It is known there alone, also while the gateway cannot be reached. Enrol it at each terminal of their sites that is to know it.',
  },
] as const satisfies readonly { readonly value: FaceStorage; readonly title: string; readonly note: string }[];

interface StorageFieldProps {
  readonly value: FaceStorage;
  /** Has the focus when its dialog opens. */
  readonly isFirst: boolean;
  readonly onChange: (storage: FaceStorage) => void;
}

/** Where a face is kept, and what the person is asked at the terminal for it. */
export function StorageField({ isFirst, value, onChange }: StorageFieldProps) {
  return (
    <>
      <RadioCards legend="Where it is kept" choices={CHOICES} chosen={value} isFirst={isFirst} onChange={onChange} />
      <figure className={styles.consent}>
        <figcaption>The terminal asks the person, and looks at nobody before they agree:</figcaption>
        <blockquote>{CONSENT[value]}</blockquote>
      </figure>
    </>
  );
}
