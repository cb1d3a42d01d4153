import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { CheckField } from '../../shared/ui/check-field.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './apps.module.css';

interface AccessStepProps {
  readonly data: PolicyDataView;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Which access profiles the app becomes a part of: whoever holds one of them may sign in. */
export function AccessStep({ chosen, data, onChange }: AccessStepProps) {
  const profiles = Object.entries(data.parts.profiles).toSorted(([, left], [, right]) => left.name.localeCompare(right.name));
  if (!data.may.open) {
    return (
      <Notice tone="info">
        <p>Your role does not change access profiles. The app is added, and nobody may use it until somebody puts it into one.</p>
      </Notice>
    );
  }
  if (profiles.length === 0) {
    return (
      <Notice tone="info">
        <p>There are no access profiles yet. Add the app, and put it into a profile under Policy, Data.</p>
      </Notice>
    );
  }
  return (
    <fieldset className={styles.profiles}>
      <legend>Whoever holds one of these access profiles may sign in, at once.</legend>
      {profiles.map(([id, { name, resources }]) => (
        <CheckField
          key={id}
          checked={chosen.includes(id)}
          onChange={(checked) => onChange(checked ? [...chosen, id] : chosen.filter((one) => one !== id))}
        >
          {name}
          <span className="soft"> · {countText(resources)}</span>
        </CheckField>
      ))}
    </fieldset>
  );
}

function countText(resources: PolicyDataView['parts']['profiles'][string]['resources']): string {
  const doors = resources.filter(({ kind }) => kind === 'door').length;
  const others = resources.length - doors;
  const plural = (count: number, one: string): string => `${String(count)} ${one}${count === 1 ? '' : 's'}`;
  return `${plural(doors, 'door')}, ${plural(others, 'system')}`;
}
