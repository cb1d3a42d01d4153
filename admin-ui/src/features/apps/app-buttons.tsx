import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { KeyRound, Pencil, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { appDetailSchema, appWithSecretSchema, type AppDetail } from '#gateway/http/contract/apps.ts';
import { emptySchema } from '#gateway/http/contract/common.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Skeleton } from '../../shared/ui/states.tsx';
import { toDraft, toForm, type AppForm } from './app-draft.ts';
import { AddressFields, RuleFields } from './app-fields.tsx';
import { appChoicesQuery, appPath, postWork } from './app-queries.ts';
import styles from './apps.module.css';
import { SecretBox } from './secret-box.tsx';

interface AppButtonsProps {
  readonly app: AppDetail;
  readonly onSecret: (secret: string | null) => void;
}

type Open = 'change' | 'secret' | 'switch' | 'remove' | null;

/** What an operator does to an app that was added. */
export function AppButtons({ app, onSecret }: AppButtonsProps) {
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const hasSecret = app.secrets.length > 0;
  return (
    <>
      <Button icon={Pencil} onClick={() => setOpen('change')}>
        Change
      </Button>
      {hasSecret && (
        <Button icon={KeyRound} onClick={() => setOpen('secret')}>
          New secret
        </Button>
      )}
      <Button icon={Power} onClick={() => setOpen('switch')}>
        {app.isEnabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Button icon={Trash2} onClick={() => setOpen('remove')}>
        Remove
      </Button>
      {open === 'change' && <ChangeDialog app={app} onClose={close} />}
      {open === 'secret' && <SecretDialog app={app} onSecret={onSecret} onClose={close} />}
      {open === 'switch' && <SwitchDialog app={app} onClose={close} />}
      {open === 'remove' && <RemoveDialog app={app} onClose={close} />}
    </>
  );
}

interface DialogProps {
  readonly app: AppDetail;
  readonly onClose: () => void;
}

/** What is wrong is said by the gateway, which names the field and the line. */
function ChangeDialog({ app, onClose }: DialogProps) {
  const choices = useQuery(appChoicesQuery);
  const [form, setForm] = useState<AppForm>(() => toForm(app));
  const change = (by: Partial<AppForm>): void => setForm((before) => ({ ...before, ...by }));
  const fields = { form, onChange: change, problems: [] };
  return (
    <ReasonDialog
      title={`Change ${app.name}`}
      lead="It is in force at once."
      action="Change"
      icon={Pencil}
      look="primary"
      send={(reason) => postWork(`${appPath(app.id)}/change`, { draft: toDraft(form), version: app.version, reason }, appDetailSchema)}
      refresh={['apps', 'directory']}
      onClose={onClose}
    >
      {() => (
        <>
          <Field label="Name">
            {(control) => (
              <input
                {...control}
                data-initial-focus
                type="text"
                maxLength={200}
                value={form.name}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <AddressFields {...fields} />
          {choices.data === undefined ? <Skeleton lines={2} /> : <RuleFields {...fields} choices={choices.data} />}
        </>
      )}
    </ReasonDialog>
  );
}

const KEEP = [
  { value: 86_400, label: 'one day more' },
  { value: 3_600, label: 'one hour more' },
  { value: 604_800, label: 'a week more' },
  { value: 0, label: 'no longer: it was seen by somebody' },
] as const;

function SecretDialog({ app, onClose, onSecret }: DialogProps & Pick<AppButtonsProps, 'onSecret'>) {
  const [keepOldS, setKeepOldS] = useState<number>(KEEP[0].value);
  return (
    <ReasonDialog
      title="New client secret"
      lead="Both secrets are valid for a while, so that the app can be changed without a gap."
      action="Make a new secret"
      icon={KeyRound}
      look="primary"
      send={(reason) => postWork(`${appPath(app.id)}/secret`, { keepOldS, reason }, appWithSecretSchema)}
      refresh={['apps']}
      done={({ app: { clientId }, secret }) => ({
        body: (
          <div className={styles.column} role="status">
            <SecretBox clientId={clientId} secret={secret} />
            <UseSecret secret={secret} onSecret={onSecret} />
          </div>
        ),
      })}
      onClose={onClose}
    >
      {() => (
        <Field label="The old one is valid">
          {(control) => (
            <select {...control} data-initial-focus value={String(keepOldS)} onChange={(event) => setKeepOldS(Number(event.target.value))}>
              {KEEP.map(({ label, value }) => (
                <option key={value} value={String(value)}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </ReasonDialog>
  );
}

function UseSecret({ secret, onSecret }: { secret: string | null } & Pick<AppButtonsProps, 'onSecret'>) {
  return (
    <Button size="small" onClick={() => onSecret(secret)}>
      Fill it into the settings below
    </Button>
  );
}

function SwitchDialog({ app, onClose }: DialogProps) {
  const off = app.isEnabled;
  return (
    <ReasonDialog
      title={off ? `Switch ${app.name} off` : `Switch ${app.name} on`}
      lead={
        off
          ? 'It is unknown to everybody from now on. Whoever is signed in to it is signed out there.'
          : 'People who hold a grant may sign in again. The sessions it had do not come back.'
      }
      action={off ? 'Switch off' : 'Switch on'}
      icon={Power}
      look={off ? 'danger' : 'primary'}
      send={(reason) => postWork(`${appPath(app.id)}/${off ? 'disable' : 'enable'}`, { reason }, appDetailSchema)}
      refresh={['apps']}
      onClose={onClose}
    />
  );
}

function RemoveDialog({ app, onClose }: DialogProps) {
  const navigate = useNavigate();
  return (
    <ReasonDialog
      title={`Remove ${app.name}`}
      lead="It is gone for good, with its secret. Whoever is signed in to it is signed out there, and access profiles no longer name it."
      action="Remove the app"
      icon={Trash2}
      look="danger"
      send={(reason) => postWork(`${appPath(app.id)}/remove`, { reason }, emptySchema)}
      refresh={['directory']}
      onDone={() => void navigate({ to: '/console/apps' })}
      onClose={onClose}
    />
  );
}
