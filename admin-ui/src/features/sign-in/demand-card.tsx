import type { InteractionView } from '#gateway/http/contract/sign-in.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { StepButtons } from './step-buttons.tsx';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

type Demand = Extract<InteractionView['prompt'], 'badge' | 'confirm'>;

export function isDemand(prompt: InteractionView['prompt']): prompt is Demand {
  return prompt === 'badge' || prompt === 'confirm';
}

const keys = {
  badge: { title: 'badge_title', lead: 'badge_lead', go: 'badge_go' },
  confirm: { title: 'confirm_title', lead: 'confirm_lead', go: 'confirm_go' },
} as const satisfies Readonly<Record<Demand, unknown>>;

/** What the person does somewhere else, or says yes to. The sign-in goes on where it stopped. */
export function DemandCard({ path, uid, appName, demand }: { path: string; uid: string; appName: string; demand: Demand }) {
  const t = useSignInTexts();
  const { go, lead, title } = keys[demand];
  return (
    <PersonFrame title={t(title, { appName })} lead={t(lead, { appName })}>
      <StepButtons path={path} uid={uid} go={t(go)} />
    </PersonFrame>
  );
}
