import type { DoorView } from '#gateway/http/contract/admin.ts';
import { capital, type Tone } from '../../shared/log/describe-record.ts';
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
export function DoorAxes({ door, notKnown }: { door: DoorView; notKnown: string | null }) {
  return (
    <Panel
      title="State"
      aside={<span className="soft">{notKnown ?? (door.statusSinceMs === null ? 'never heard' : <Ago atMs={door.statusSinceMs} />)}</span>}
    >
      <dl className={styles.axes}>
        {axesOf(door.status).map((axis) => (
          <div key={axis.name}>
            <dt>{axis.name}</dt>
            <dd>{notKnown === null ? <Chip tone={axis.tone}>{axis.value}</Chip> : <Chip tone="unknown">Not known</Chip>}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function axesOf(status: DoorView['status']): readonly Axis[] {
  const known = status.fault === 'none';
  return [
    {
      name: 'Contact',
      value: capital(status.contact),
      tone: status.contact === 'unknown' ? 'unknown' : status.contact === 'open' ? 'warn' : 'info',
    },
    { name: 'Lock', value: capital(status.lock), tone: status.lock === 'unknown' ? 'unknown' : status.lock === 'unlocked' ? 'ok' : 'info' },
    { name: 'Mode', value: capital(status.mode.replace('_', ' ')), tone: modeTones[status.mode] },
    flag('Forced', status.forced ? 'Opened without a release' : null, 'deny', known),
    flag('Held', status.openTooLong ? 'Open too long' : null, 'warn', known),
    flag('Tamper', status.tamper ? 'Tamper switch open' : null, 'deny', known),
    {
      name: 'Fault',
      value: status.fault === 'none' ? 'None' : capital(faultText(status.fault)),
      tone: status.fault === 'none' ? 'info' : 'unknown',
    },
  ];
}

/** While the door is not heard, the absence of a flag means nothing. */
function flag(name: string, active: string | null, tone: Tone, known: boolean): Axis {
  if (active !== null) return { name, value: active, tone };
  return known ? { name, value: 'No', tone: 'info' } : { name, value: 'Unknown', tone: 'unknown' };
}

const modeTones: Readonly<Record<DoorView['status']['mode'], Tone>> = {
  secure: 'info',
  free: 'warn',
  locked_down: 'deny',
  unknown: 'unknown',
};
