import type { InteractionView } from '#gateway/http/contract/sign-in.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { DeskLook } from './desk-look.tsx';
import { StepButtons } from './step-buttons.tsx';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

interface DeniedCardProps {
  readonly path: string;
  readonly uid: string;
  readonly appName: string;
  readonly denied: NonNullable<InteractionView['denied']>;
}

/** What this computer could do about it; null = nothing. */
function askOf(codes: readonly string[]): 'look_again' | 'check' | null {
  if (codes.includes('face.mismatch') || codes.includes('face.not_live')) return 'look_again';
  return codes.some((code) => code.startsWith('device.')) ? 'check' : null;
}

export function DeniedCard({ path, uid, appName, denied }: DeniedCardProps) {
  const t = useSignInTexts();
  const instantText = useInstantText();
  const ask = askOf(denied.reasons.map(({ code }) => code));
  return (
    <PersonFrame title={t('denied_title', { appName })}>
      <ReasonList reasons={denied.reasons} />
      {ask !== null && <DeskLook path={path} uid={uid} label={ask} />}
      <StepButtons path={path} uid={uid} go={t('try_again')} isSecond={ask !== null} />
      <DecisionNumber id={denied.decisionId} />
      <p className="soft">{t('decided_at', { time: instantText(denied.atMs) })}</p>
    </PersonFrame>
  );
}
