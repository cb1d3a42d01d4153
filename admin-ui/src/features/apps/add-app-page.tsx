import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/common.ts';
import { appProblemsSchema } from '#gateway/http/contract/apps.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import { ReasonField } from '../../shared/ui/reason-field.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { AccessStep } from './access-step.tsx';
import { addApp, type Added } from './add-app.ts';
import { AddedStep } from './added-step.tsx';
import { EMPTY_FORM, toDraft, type AppForm, type Problem } from './app-draft.ts';
import { AddressFields, NameFields, RuleFields } from './app-fields.tsx';
import { appChoicesQuery, profilesQuery } from './app-queries.ts';
import { KINDS } from './app-words.ts';
import page from './add-app-page.module.css';
import styles from './apps.module.css';

const STEPS = ['Kind', 'Name and addresses', 'Who may use it', 'Settings and live check'] as const;
type Step = 0 | 1 | 2;

/** From nothing to the first sign-in that works. */
export function AddAppPage() {
  const [added, setAdded] = useState<Added | null>(null);
  const [step, setStep] = useState<Step>(0);
  const [form, setForm] = useState<AppForm>(EMPTY_FORM);
  const change = (by: Partial<AppForm>): void => setForm((before) => ({ ...before, ...by }));
  const shown = added === null ? step : 3;
  return (
    <Page
      title={added === null ? 'Add an app' : added.app.name}
      back={
        <Link to="/console/apps" className={backClass}>
          <ArrowLeft size={14} aria-hidden /> Apps
        </Link>
      }
      sub={
        <ol className={page.trail} aria-label="Steps">
          {STEPS.map((name, index) => (
            <li key={name} aria-current={index === shown ? 'step' : undefined}>
              {index + 1}. {name}
            </li>
          ))}
        </ol>
      }
    >
      {added !== null ? (
        <AddedStep added={added} />
      ) : step === 0 ? (
        <KindStep form={form} onChange={change} onNext={() => setStep(1)} />
      ) : step === 1 ? (
        <AddressStep form={form} onChange={change} onBack={() => setStep(0)} onNext={() => setStep(2)} />
      ) : (
        <LastStep form={form} onBack={() => setStep(1)} onAdded={setAdded} />
      )}
    </Page>
  );
}

interface StepProps {
  readonly form: AppForm;
  readonly onChange: (change: Partial<AppForm>) => void;
  readonly onNext: () => void;
}

function KindStep({ form, onChange, onNext }: StepProps) {
  return (
    <Panel title="What kind of app is it?">
      <form
        className={styles.padded}
        onSubmit={(event) => {
          event.preventDefault();
          onNext();
        }}
      >
        <RadioCards
          legend="Kind of the app"
          isLegendHidden
          choices={KINDS.map(({ kind, name, note }) => ({ value: kind, title: name, note }))}
          chosen={form.kind}
          onChange={(kind) => onChange({ kind })}
        />
        <div className={styles.buttons}>
          <span />
          <Button type="submit" look="primary" icon={ArrowRight}>
            Next
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** The gateway checks what it will check again when the app is added: the same words at the same field. */
function AddressStep({ form, onChange, onBack, onNext }: StepProps & { onBack: () => void }) {
  const choices = useQuery(appChoicesQuery);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const check = useMutation({
    mutationFn: () => postJson('/api/app-check', { draft: toDraft(form) }, appProblemsSchema),
    onSuccess: (answer) => {
      setProblems(answer.problems);
      if (answer.problems.length === 0) onNext();
    },
  });
  if (choices.data === undefined) {
    return (
      <Panel>
        <Pending query={choices} />
      </Panel>
    );
  }
  const fields = { form, onChange, problems };
  return (
    <Panel title="Name and addresses">
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!check.isPending) check.mutate();
        }}
      >
        <NameFields {...fields} />
        <AddressFields {...fields} />
        <RuleFields {...fields} choices={choices.data} />
        {check.isError && <ProblemNotice error={check.error} />}
        <OtherProblems problems={problems} />
        <div className={styles.buttons}>
          <Button icon={ArrowLeft} onClick={onBack}>
            Back
          </Button>
          <Button type="submit" look="primary" icon={ArrowRight} busy={check.isPending}>
            Next
          </Button>
        </div>
      </form>
    </Panel>
  );
}

const FIELDS = ['name', 'id', 'redirectUris', 'postLogoutRedirectUris', 'backchannelLogoutUri', 'origin', 'paths', 'publicPaths', 'rules'];

/** What no field of the form shows. */
function OtherProblems({ problems }: { problems: readonly Problem[] }) {
  const others = problems.filter(({ path }) => !FIELDS.some((field) => path === field || path.startsWith(`${field}.`)));
  if (others.length === 0) return null;
  return (
    <Notice tone="deny" role="alert">
      {others.map(({ message, path }) => (
        <p key={path}>
          {path} {message}
        </p>
      ))}
    </Notice>
  );
}

function LastStep({ form, onBack, onAdded }: { form: AppForm; onBack: () => void; onAdded: (added: Added) => void }) {
  const queries = useQueryClient();
  const data = useQuery(profilesQuery);
  const [profileIds, setProfileIds] = useState<readonly string[]>([]);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const given = reasonBodySchema.safeParse({ reason });
  const add = useMutation({
    mutationFn: (why: string) => addApp({ draft: toDraft(form), profileIds, reason: why }),
    onSuccess: async (made) => {
      onAdded(made);
      await Promise.all([['apps'], ['directory'], ['policy-data']].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    gcTime: 0,
  });
  return (
    <Panel title="Who may use it">
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (given.success && !add.isPending) add.mutate(given.data.reason);
        }}
      >
        {form.kind === 'machine' ? (
          <p>A program acts for itself: access profiles are about people, and no person uses it.</p>
        ) : data.data === undefined ? (
          <Pending query={data} lines={3} />
        ) : (
          <AccessStep data={data.data} chosen={profileIds} onChange={setProfileIds} />
        )}
        <ReasonField value={reason} onChange={setReason} isWrong={tried && !given.success} />
        {add.isError && <ProblemNotice error={add.error} />}
        <div className={styles.buttons}>
          <Button icon={ArrowLeft} onClick={onBack}>
            Back
          </Button>
          <Button type="submit" look="primary" icon={Plus} busy={add.isPending}>
            Add the app
          </Button>
        </div>
      </form>
    </Panel>
  );
}
