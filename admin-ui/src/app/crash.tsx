import { RotateCcw } from 'lucide-react';
import { Button } from '../shared/ui/button.tsx';
import { DoorFrame } from '../shared/ui/door-frame.tsx';
import { Notice } from '../shared/ui/states.tsx';

/** A page that broke, usually because the gateway was updated under it. */
export function Crash() {
  return (
    <DoorFrame title="This page broke">
      <Notice tone="deny" role="alert">
        Nothing was changed by it. Reload to go on.
      </Notice>
      <Button icon={RotateCcw} onClick={() => location.reload()}>
        Reload
      </Button>
    </DoorFrame>
  );
}
