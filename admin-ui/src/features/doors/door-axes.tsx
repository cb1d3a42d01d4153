import type { DoorView } from '#gateway/http/contract/admin.ts';
import type { Tone } from '../../shared/log/describe-record.ts';
import { faultText } from '../../shared/log/door-words.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './door-page.module.css';

interface Axis {
  readonly name: string;
  readonly tone: Tone;
  readonly value: string;
}

/** The door's independent axes, each as it is known: nothing is inferred from another. */
export function DoorAxes({ door }: { door: DoorView }) {
  return (
    <Panel
      title="State"
      aside={<span className={styles.soft}>{door.statusSinceMs === null ? 'never heard' : <Ago atMs={door.statusSinceMs} />}</span>}
    >
      <dl className={styles.axes}>
        {axesOf(door.status).map((axis) => (
          <div key={axis.name}>
            <dt>{axis.name}</dt>
            <dd>
              <Chip tone={axis.tone}>{axis.value}</Chip>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function axesOf(status: DoorView['status']): readonly Axis[] {
  return [
    {
      name: 'Contact',
      value: capital(status.contact),
      tone: status.contact === 'unknown' ? 'unknown' : status.contact === 'open' ? 'warn' : 'info',
    },
    { name: 'Lock', value: capital(status.lock), tone: status.lock === 'unknown' ? 'unknown' : status.lock === 'unlocked' ? 'ok' : 'info' },
    { name: 'Mode', value: capital(status.mode.replace('_', ' ')), tone: modeTones[status.mode] },
    { name: 'Forced', value: status.forced ? 'Opened without a release' : 'No', tone: status.forced ? 'deny' : 'info' },
    { name: 'Held', value: status.openTooLong ? 'Open too long' : 'No', tone: status.openTooLong ? 'warn' : 'info' },
    { name: 'Tamper', value: status.tamper ? 'Tamper switch open' : 'No', tone: status.tamper ? 'deny' : 'info' },
    {
      name: 'Fault',
      value: status.fault === 'none' ? 'None' : capital(faultText(status.fault)),
      tone: status.fault === 'none' ? 'info' : 'unknown',
    },
  ];
}

const modeTones: Readonly<Record<DoorView['status']['mode'], Tone>> = {
  secure: 'info',
  free: 'warn',
  locked_down: 'deny',
  unknown: 'unknown',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
