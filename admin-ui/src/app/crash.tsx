import { RotateCcw } from 'lucide-react';
import { Button } from '../shared/ui/button.tsx';
import { Notice } from '../shared/ui/states.tsx';
import { LostFrame, lostLanguage } from './lost-frame.tsx';
import { lostTexts } from './lost-texts.ts';

/** A page that broke, usually because the gateway was updated under it. */
export function Crash() {
  const { crash, crashLead, reload } = lostTexts[lostLanguage()];
  return (
    <LostFrame title={crash}>
      <Notice tone="deny" role="alert">
        {crashLead}
      </Notice>
      <Button icon={RotateCcw} onClick={() => location.reload()}>
        {reload}
      </Button>
    </LostFrame>
  );
}
