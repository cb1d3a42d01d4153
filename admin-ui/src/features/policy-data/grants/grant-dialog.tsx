import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Field } from '../../../shared/ui/field.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { newGrantDraft, toGrantChange, toGrantDraft, type GrantDraft, type HolderKind, type KnownGrant } from './grant-draft.ts';
import { ItemDialog } from '../item-dialog.tsx';
import { randomId } from '../new-id.ts';
import { PersonField } from '../../../shared/ui/person-field.tsx';
import styles from '../rows.module.css';
import { scheduleChoices } from '../schedules/schedules.ts';
import { SelectField } from '../select-field.tsx';

const texts: FieldErrors = {
  profileId: 'Choose an access profile.',
  'holder.id': 'Say who holds it.',
  validUntilMs: 'It has to end after it begins.',
  reason: 'At most 500 characters.',
};

interface GrantDialogProps {
  readonly data: PolicyDataView;
  readonly known?: KnownGrant;
  /** Chosen to begin with. */
  readonly profileId: string;
  readonly onClose: () => void;
}

export function GrantDialog({ data, known, profileId, onClose }: GrantDialogProps) {
  const [baseVersion] = useState(data.version);
  const [id] = useState(() => known?.id ?? randomId('grt_'));
  const [draft, setDraft] = useState(() => (known === undefined ? newGrantDraft(profileId) : toGrantDraft(known)));
  return (
    <ItemDialog
      title={known === undefined ? 'New grant' : 'Grant'}
      baseVersion={baseVersion}
      texts={texts}
      change={() => toGrantChange(id, draft, known)}
      onClose={onClose}
    >
      {(errors) => <GrantFields data={data} draft={draft} errors={errors} onChange={(part) => setDraft({ ...draft, ...part })} />}
    </ItemDialog>
  );
}

interface GrantFieldsProps {
  readonly data: PolicyDataView;
  readonly draft: GrantDraft;
  readonly errors: FieldErrors;
  readonly onChange: (part: Partial<GrantDraft>) => void;
}

function GrantFields({ data, draft, errors, onChange }: GrantFieldsProps) {
  const profiles = Object.entries(data.parts.profiles).map(([value, { name }]) => ({ value, label: name }));
  return (
    <>
      <SelectField
        label="Access profile"
        value={draft.profileId}
        choices={profiles}
        error={errorIn(errors, 'profileId')}
        onChange={(profileId) => onChange({ profileId })}
        isFirst
      />
      <Holder draft={draft} error={errorIn(errors, 'holder')} onChange={onChange} />
      <SelectField
        label="Schedule"
        value={draft.schedule}
        choices={scheduleChoices(data)}
        error={errorIn(errors, 'schedule')}
        onChange={(schedule) => onChange({ schedule })}
      />
      <div className={styles.pair}>
        <Field label="Valid from" hint="Empty: from now on." error={errorIn(errors, 'validFromMs')}>
          {(control) => (
            <input {...control} type="datetime-local" value={draft.from} onChange={({ target }) => onChange({ from: target.value })} />
          )}
        </Field>
        <Field label="Valid until" hint="Empty: until withdrawn." error={errorIn(errors, 'validUntilMs')}>
          {(control) => (
            <input {...control} type="datetime-local" value={draft.until} onChange={({ target }) => onChange({ until: target.value })} />
          )}
        </Field>
      </div>
      <Field label="Why they need it" error={errorIn(errors, 'reason')}>
        {(control) => (
          <input {...control} maxLength={500} value={draft.reason} onChange={({ target }) => onChange({ reason: target.value })} />
        )}
      </Field>
    </>
  );
}

const holderKinds: readonly { readonly value: HolderKind; readonly label: string }[] = [
  { value: 'group', label: 'A group' },
  { value: 'role', label: 'A role' },
  { value: 'person', label: 'One person' },
];

interface HolderProps {
  readonly draft: GrantDraft;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<GrantDraft>) => void;
}

function Holder({ draft: { kind, holderId }, error, onChange }: HolderProps) {
  return (
    <>
      <SelectField
        label="Who holds it"
        value={kind}
        choices={holderKinds}
        onChange={(next) => onChange({ kind: holderKinds.find(({ value }) => value === next)?.value ?? kind, holderId: '' })}
      />
      {kind === 'person' ? (
        <PersonField personId={holderId} error={error} onChange={(id) => onChange({ holderId: id })} />
      ) : (
        <Field label={kind === 'group' ? 'Group' : 'Role'} hint="As the directory names it." error={error}>
          {(control) => (
            <input {...control} maxLength={128} value={holderId} onChange={({ target }) => onChange({ holderId: target.value })} />
          )}
        </Field>
      )}
    </>
  );
}
