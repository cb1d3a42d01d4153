import { Delete, Hash } from 'lucide-react';
import { useState } from 'react';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { Panel } from '../../shared/ui/page.tsx';
import styles from './keypad.module.css';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const KEYS_MAX = 8;

interface KeypadProps {
  readonly readerName: string;
  readonly person: DemoView['people'][number] | undefined;
  readonly busy: boolean;
  /** The keys, `#` included. */
  readonly onEnter: (keys: string) => void;
}

/** The keys of a simulated reader. Its PINs are drawn at every start of the demo and stand beside it. */
export function Keypad({ readerName, person, busy, onEnter }: KeypadProps) {
  const [keys, setKeys] = useState('');
  const press = (key: string) => setKeys((before) => (before.length < KEYS_MAX ? before + key : before));
  return (
    <Panel title="Keypad" padded>
      <div className={styles.keypad} role="group" aria-label={`Keypad of ${readerName}`}>
        <output className={styles.shown} aria-label={`${String(keys.length)} digits entered`}>
          {'•'.repeat(keys.length)}
        </output>
        {DIGITS.map((digit) => (
          <Key key={digit} label={digit} onPress={() => press(digit)} />
        ))}
        <Key label="Clear" onPress={() => setKeys('')} icon={<Delete size={18} aria-hidden />} />
        <Key label="0" onPress={() => press('0')} />
        <Key
          label="Enter"
          isOff={busy || keys === ''}
          onPress={() => {
            onEnter(`${keys}#`);
            setKeys('');
          }}
          icon={<Hash size={18} aria-hidden />}
        />
      </div>
      <PinNote person={person} />
    </Panel>
  );
}

function PinNote({ person }: Pick<KeypadProps, 'person'>) {
  if (person?.pins == null) return <p className={styles.note}>{person?.displayName ?? 'Nobody'} has no PIN.</p>;
  const { pin, duressPin } = person.pins;
  return (
    <p className={styles.note}>
      Badge first. PIN of {person.displayName}: <code>{pin}</code>. Under duress: <code>{duressPin}</code>, which opens as well and alarms
      silently.
    </p>
  );
}

interface KeyProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly icon?: React.ReactNode;
  readonly isOff?: boolean;
}

function Key({ label, onPress, icon, isOff = false }: KeyProps) {
  return (
    <button type="button" className={styles.key} aria-label={label} disabled={isOff} onClick={onPress}>
      {icon ?? label}
    </button>
  );
}
