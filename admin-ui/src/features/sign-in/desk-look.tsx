import { Laptop, ScanFace } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { useFaceTexts } from './face-texts/use-face-texts.ts';
import type { texts } from './face-texts/en.ts';
import { useDeskLook } from './use-desk-look.ts';

type FaceText = keyof typeof texts;

/** What a terminal may say to a person; of a newer one only the button's own progress is shown. */
function sayOf(say: string | null): Extract<FaceText, `say_${string}`> | 'waiting' {
  const known = ['look', 'one_person', 'turn_left', 'turn_right', 'blink', 'open_mouth', 'come_closer', 'too_far'] as const;
  const problems = ['covered', 'not_facing', 'head_tilted', 'eyes_closed', 'too_dark', 'too_bright', 'back_light', 'blurred'] as const;
  const found = [...known, ...problems].find((one) => one === say);
  return found === undefined ? 'waiting' : `say_${found}`;
}

interface DeskLookProps {
  readonly path: string;
  readonly uid: string;
  readonly label: 'look' | 'look_again' | 'check';
}

/** The button that asks this computer, what the person is to do meanwhile, and what came of it. */
export function DeskLook({ label, path, uid }: DeskLookProps) {
  const t = useFaceTexts();
  const { begin, busy, error, failed, say } = useDeskLook(path, uid);
  return (
    <>
      {error !== null && <ProblemNotice error={error} />}
      {failed !== null && failed !== 'verified' && failed !== 'refused' && failed !== 'device' && (
        <Notice tone="warn" role="alert">
          {t(failed)}
        </Notice>
      )}
      <p role="status" aria-live="assertive">
        {busy ? t(sayOf(say)) : ''}
      </p>
      <Button look="primary" size="large" width="wide" icon={label === 'check' ? Laptop : ScanFace} busy={busy} onClick={begin} autoFocus>
        {t(label)}
      </Button>
    </>
  );
}
