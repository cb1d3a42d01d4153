import { FileUp, Gauge, KeyRound, Link2, Move, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { Button } from '../../shared/ui/button.tsx';
import { LineTestDialog } from './line-test-dialog.tsx';
import { FileDialog, MoveDialog, NewKeyDialog, PairDialog } from './maintenance-dialogs.tsx';

const orders = [
  ['Test line', Gauge, LineTestDialog],
  ['New key', KeyRound, NewKeyDialog],
  ['Pair', Link2, PairDialog],
  ['Move', Move, MoveDialog],
  ['Send file', FileUp, FileDialog],
] as const satisfies readonly (readonly [string, LucideIcon, typeof NewKeyDialog])[];

/** What an operator may do to a reader. Whether it can be done now is the gateway's to say: the page may be behind. */
export function MaintenanceButtons({ reader }: { reader: ReaderView }) {
  const [chosen, setChosen] = useState<string | null>(null);
  return orders.map(([name, icon, Dialog]) => (
    <span key={name}>
      <Button icon={icon} onClick={() => setChosen(name)}>
        {name}
      </Button>
      {chosen === name && <Dialog reader={reader} onClose={() => setChosen(null)} />}
    </span>
  ));
}
