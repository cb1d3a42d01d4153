import { useState } from 'react';
import type { ItemChange, PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import type { NamedSetting, ReadyPolicy } from './ready-policy.ts';
import { ReviewChanges } from '../changes/review-changes.tsx';

interface SwitchDialogProps {
  readonly data: PolicyDataView;
  readonly policy: ReadyPolicy;
  readonly named: NamedSetting;
  readonly onClose: () => void;
}

/** On or off, everything else as it is. */
export function SwitchDialog({ data, policy, named, onClose }: SwitchDialogProps) {
  const [baseVersion] = useState(data.version);
  const [changes] = useState<readonly ItemChange[]>([
    { part: 'library', id: named.id, value: { ...named.setting, enabled: !named.setting.enabled } },
  ]);
  return (
    <Dialog title={`Switch ${policy.title} ${named.setting.enabled ? 'off' : 'on'}`} onClose={onClose}>
      <ReviewChanges baseVersion={baseVersion} changes={changes} onClose={onClose} />
    </Dialog>
  );
}
