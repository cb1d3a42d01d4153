import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ChoiceList } from '../choice-list.tsx';
import { ItemButtons } from '../item-buttons.tsx';
import { ItemDialog, RemoveDialog } from '../item-dialog.tsx';
import { idFromName } from '../new-id.ts';
import { keyOf, parseKey, resourceChoices, resourceName } from '../resources.ts';
import styles from '../rows.module.css';

type Profile = PolicyDataView['parts']['profiles'][string];
type Open = { readonly kind: 'new' } | { readonly kind: 'edit' | 'remove'; readonly id: string; readonly profile: Profile } | null;

const texts: FieldErrors = { name: 'Give a name of 1 to 100 characters.', resources: 'Choose at least one door, app or VPN realm.' };

export function ProfilesPanel({ data }: { data: PolicyDataView }) {
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const profiles = Object.entries(data.parts.profiles).toSorted(([, left], [, right]) => left.name.localeCompare(right.name));
  return (
    <Panel
      title="Access profiles"
      aside={
        data.may.edit && (
          <Button size="small" icon={Plus} onClick={() => setOpen({ kind: 'new' })}>
            New profile
          </Button>
        )
      }
    >
      {profiles.length === 0 ? (
        <Empty icon={KeyRound} title="No access profiles yet">
          A profile names doors and systems that are granted and withdrawn together.
        </Empty>
      ) : (
        <ul className={styles.rows}>
          {profiles.map(([id, profile]) => (
            <li key={id}>
              <ProfileFacts data={data} id={id} profile={profile} />
              {data.may.edit && (
                <ItemButtons
                  name={profile.name}
                  onEdit={() => setOpen({ kind: 'edit', id, profile })}
                  onRemove={() => setOpen({ kind: 'remove', id, profile })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {open?.kind === 'new' && <ProfileDialog data={data} onClose={close} />}
      {open?.kind === 'edit' && <ProfileDialog data={data} known={open} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveDialog title={`Remove ${open.profile.name}`} baseVersion={data.version} part="profiles" id={open.id} onClose={close} />
      )}
    </Panel>
  );
}

function ProfileFacts({ data, id, profile }: { data: PolicyDataView; id: string; profile: Profile }) {
  const names = (isDoor: boolean): string =>
    profile.resources
      .filter(({ kind }) => (kind === 'door') === isDoor)
      .map((ref) => resourceName(data, ref))
      .join(', ');
  return (
    <div className={styles.facts}>
      <span className={styles.head}>
        <strong>{profile.name}</strong>
        <code>{id}</code>
      </span>
      <span>Doors: {names(true) || 'none'}</span>
      <span>Systems: {names(false) || 'none'}</span>
    </div>
  );
}

interface ProfileDialogProps {
  readonly data: PolicyDataView;
  readonly known?: { readonly id: string; readonly profile: Profile };
  readonly onClose: () => void;
}

function ProfileDialog({ data, known, onClose }: ProfileDialogProps) {
  const [baseVersion] = useState(data.version);
  const [name, setName] = useState(known?.profile.name ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(known?.profile.resources.map(keyOf) ?? []);
  const id = known?.id ?? idFromName(name, 'profile', (taken) => taken in data.parts.profiles);
  return (
    <ItemDialog
      title={known === undefined ? 'New access profile' : known.profile.name}
      baseVersion={baseVersion}
      texts={texts}
      change={() => ({ part: 'profiles', id, value: { name, resources: chosen.map(parseKey) } })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field label="Name" hint={`Grants refer to it as ${id}.`} error={errorIn(errors, 'name')}>
            {(control) => (
              <input {...control} data-initial-focus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <ChoiceList
            legend="Doors and systems, granted together"
            choices={resourceChoices(data)}
            chosen={chosen}
            error={errorIn(errors, 'resources')}
            onChange={setChosen}
          />
        </>
      )}
    </ItemDialog>
  );
}
