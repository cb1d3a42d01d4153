import type { AppChoices } from '#gateway/http/contract/apps.ts';
import { Field } from '../../shared/ui/field.tsx';
import { areaChoices, idOf, problemAt, signsPeopleIn, type AppForm, type Problem } from './app-draft.ts';
import { SENSITIVITIES } from './app-words.ts';
import styles from './apps.module.css';

export interface FieldsProps {
  readonly form: AppForm;
  readonly onChange: (change: Partial<AppForm>) => void;
  readonly problems: readonly Problem[];
}

interface TextProps extends FieldsProps {
  readonly label: string;
  readonly hint: string;
  readonly field: 'redirectUris' | 'postLogoutRedirectUris' | 'backchannelLogoutUri' | 'origin' | 'paths' | 'publicPaths' | 'apiScopes';
  readonly rows?: number;
}

function TextField({ form, onChange, problems, label, hint, field, rows }: TextProps) {
  return (
    <Field label={label} hint={hint} error={problemAt(problems, field)}>
      {(control) =>
        rows === undefined ? (
          <input
            {...control}
            type="text"
            spellCheck={false}
            value={form[field]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
        ) : (
          <textarea
            {...control}
            rows={rows}
            spellCheck={false}
            value={form[field]}
            onChange={(event) => onChange({ [field]: event.target.value })}
          />
        )
      }
    </Field>
  );
}

/** Name and id. The id stays for good: grants and the log name it. */
export function NameFields({ form, onChange, problems }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <Field label="Name" hint="As people know it; shown at the sign-in." error={problemAt(problems, 'name')}>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={200}
            autoFocus
            value={form.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Id" hint="Named by access profiles and the log. It cannot be changed later." error={problemAt(problems, 'id')}>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={63}
            spellCheck={false}
            value={idOf(form)}
            onChange={(event) => onChange({ id: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

const REDIRECT_HINTS = {
  web: 'Where people come back to, one a line: https, compared character by character. http is for this computer itself only.',
  browser: 'Where people come back to, one a line: https, compared character by character. http is for this computer itself only.',
  native: 'One a line: http://127.0.0.1/callback (any port), or a scheme of your own such as com.example.app:/callback.',
} as const;

/** The addresses that the app's kind has. */
export function AddressFields(props: FieldsProps) {
  const { kind } = props.form;
  if (kind === 'website') {
    return (
      <>
        <TextField
          {...props}
          field="origin"
          label="Address of the website"
          hint="Scheme and host as browsers know it, such as https://wiki.example.com."
        />
        <details>
          <summary>Only parts of it</summary>
          <div>
            <TextField {...props} field="paths" rows={2} label="Paths" hint="What of the address it is, one a line; / is all of it." />
            <TextField {...props} field="publicPaths" rows={2} label="Open to everybody" hint="Below these nobody is asked, one a line." />
          </div>
        </details>
      </>
    );
  }
  if (kind === 'machine') return null;
  return (
    <>
      <TextField {...props} field="redirectUris" rows={3} label="Redirect URIs" hint={REDIRECT_HINTS[kind]} />
      <details>
        <summary>Sign-out and tokens</summary>
        <div>
          <TextField
            {...props}
            field="postLogoutRedirectUris"
            rows={2}
            label="After sign-out"
            hint="Where a sign-out may lead, one a line."
          />
          {kind === 'web' && (
            <TextField
              {...props}
              field="backchannelLogoutUri"
              label="Back-channel logout"
              hint="Told at once when a session ends, for instance by a suspension."
            />
          )}
          <AlgField {...props} />
        </div>
      </details>
    </>
  );
}

function AlgField({ form, onChange }: FieldsProps) {
  return (
    <Field label="ID tokens are signed with" hint="ES256 is read by every current library; RS256 by the oldest too.">
      {(control) => (
        <select
          {...control}
          value={form.idTokenAlg}
          onChange={(event) => onChange({ idTokenAlg: event.target.value as AppForm['idTokenAlg'] })}
        >
          <option value="ES256">ES256</option>
          <option value="RS256">RS256</option>
          <option value="EdDSA">EdDSA</option>
        </select>
      )}
    </Field>
  );
}

const AUTH_AGES = [
  { value: 0, label: 'not asked again' },
  { value: 3_600, label: 'after an hour' },
  { value: 900, label: 'after a quarter of an hour' },
  { value: 300, label: 'after five minutes' },
] as const;

/** What the policy knows of the app. */
export function RuleFields({ form, onChange, problems, choices }: FieldsProps & { choices: AppChoices }) {
  const { rules } = form;
  const set = (change: Partial<AppForm['rules']>): void => onChange({ rules: { ...rules, ...change } });
  const people = signsPeopleIn(form.kind) || form.kind === 'website';
  return (
    <>
      <Field
        label="Sensitivity"
        hint="From 4 on, nobody whose standing is restricted begins a session."
        error={problemAt(problems, 'rules.sensitivity')}
      >
        {(control) => (
          <select {...control} value={String(rules.sensitivity)} onChange={(event) => set({ sensitivity: Number(event.target.value) })}>
            {SENSITIVITIES.map(({ label, value }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {people && <PlaceFields form={form} problems={problems} choices={choices} onRules={set} />}
    </>
  );
}

interface PlaceProps extends Pick<FieldsProps, 'form' | 'problems'> {
  readonly choices: AppChoices;
  readonly onRules: (change: Partial<AppForm['rules']>) => void;
}

function PlaceFields({ form: { rules }, problems, choices, onRules }: PlaceProps) {
  return (
    <details>
      <summary>Where and how it may be used</summary>
      <div>
        <Field label="Passkey again" hint="At a sign-in whose passkey was used longer ago.">
          {(control) => (
            <select
              {...control}
              value={String(rules.maxAuthAgeS)}
              onChange={(event) => onRules({ maxAuthAgeS: Number(event.target.value) })}
            >
              {AUTH_AGES.map(({ label, value }) => (
                <option key={value} value={String(value)}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Site" hint="Its time zone counts for schedules." error={problemAt(problems, 'rules.siteId')}>
          {(control) => (
            <select
              {...control}
              value={rules.siteId ?? ''}
              onChange={(event) => onRules({ siteId: event.target.value || null, requiresAreaId: null })}
            >
              <option value="">none</option>
              {choices.sites.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label="Only from inside an area"
          hint="People must be in it, by their badge, to use the app; their session ends when they leave."
          error={problemAt(problems, 'rules.requiresAreaId')}
        >
          {(control) => (
            <select
              {...control}
              value={rules.requiresAreaId ?? ''}
              onChange={(event) => onRules({ requiresAreaId: event.target.value || null })}
            >
              <option value="">from anywhere</option>
              {areaChoices(choices, rules.siteId).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </details>
  );
}
