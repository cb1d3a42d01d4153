import { FileCode2, Pencil, Plus, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { LibrarySetting, PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Chip } from '../../../shared/ui/chip.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { RemoveDialog } from '../item-dialog.tsx';
import styles from './library-page.module.css';
import { describeWhere } from './places.ts';
import type { NamedSetting, ReadyPolicy } from './ready-policy.ts';
import { RegoDialog } from './rego-dialog.tsx';
import rows from '../rows.module.css';
import { SettingDialog } from './setting-dialog.tsx';
import { SwitchDialog } from './switch-dialog.tsx';

type Open = { readonly kind: 'new' | 'source' } | { readonly kind: 'edit' | 'switch' | 'remove'; readonly named: NamedSetting } | null;

/** One ready policy: what it does, where it is on, and what it says to whom it stops. */
export function PolicyCard({ policy, data }: { policy: ReadyPolicy; data: PolicyDataView }) {
  const [open, setOpen] = useState<Open>(null);
  const settings = Object.entries(data.parts.library)
    .filter(([, setting]) => setting.policy === policy.id)
    .map(([id, setting]) => ({ id, setting }));
  const close = (): void => setOpen(null);
  const isOn = settings.some(({ setting }) => setting.enabled);
  return (
    <Panel title={policy.title} aside={<Chip tone={isOn ? 'ok' : 'info'}>{isOn ? 'On' : 'Off'}</Chip>}>
      <div className={styles.card}>
        <p>{policy.description}</p>
        <ul className={styles.settings} aria-label={`Where ${policy.title} holds`}>
          {settings.map((named) => (
            <li key={named.id}>
              <SettingRow
                named={named}
                data={data}
                onEdit={() => setOpen({ kind: 'edit', named })}
                onSwitch={() => setOpen({ kind: 'switch', named })}
                onRemove={() => setOpen({ kind: 'remove', named })}
              />
            </li>
          ))}
        </ul>
        <WhatItSays policy={policy} />
        <div className={rows.tools}>
          {data.may.edit && (
            <Button
              size="small"
              look={settings.length === 0 ? 'primary' : 'plain'}
              icon={settings.length === 0 ? Power : Plus}
              aria-label={settings.length === 0 ? `Set up ${policy.title}` : `Add another place for ${policy.title}`}
              onClick={() => setOpen({ kind: 'new' })}
            >
              {settings.length === 0 ? 'Set up' : 'Add another'}
            </Button>
          )}
          <Button
            size="small"
            look="quiet"
            icon={FileCode2}
            aria-label={`Rego of ${policy.title}`}
            onClick={() => setOpen({ kind: 'source' })}
          >
            Rego
          </Button>
        </div>
      </div>
      {open?.kind === 'new' && <SettingDialog data={data} policy={policy} onClose={close} />}
      {open?.kind === 'edit' && <SettingDialog data={data} policy={policy} named={open.named} onClose={close} />}
      {open?.kind === 'switch' && <SwitchDialog data={data} policy={policy} named={open.named} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveDialog title={`Remove ${policy.title}`} baseVersion={data.version} part="library" id={open.named.id} onClose={close} />
      )}
      {open?.kind === 'source' && <RegoDialog policy={policy} onClose={close} />}
    </Panel>
  );
}

interface SettingRowProps {
  readonly named: NamedSetting;
  readonly data: PolicyDataView;
  readonly onEdit: () => void;
  readonly onSwitch: () => void;
  readonly onRemove: () => void;
}

function SettingRow({ named, data, onEdit, onSwitch, onRemove }: SettingRowProps) {
  const { enabled, where } = named.setting;
  return (
    <div className={styles.setting} role="group" aria-label={named.id}>
      <span className={styles.settingHead}>
        <span className={rows.head}>
          <Chip tone={enabled ? 'ok' : 'info'}>{enabled ? 'On' : 'Off'}</Chip>
          <code>{named.id}</code>
        </span>
        {data.may.edit && (
          <span className={rows.actions}>
            <Button size="small" icon={Power} onClick={onSwitch}>
              {enabled ? 'Switch off' : 'Switch on'}
            </Button>
            <Button size="small" look="quiet" icon={Pencil} aria-label={`Edit ${named.id}`} onClick={onEdit} />
            <Button size="small" look="quiet" icon={Trash2} aria-label={`Remove ${named.id}`} onClick={onRemove} />
          </span>
        )}
      </span>
      <span>{describeWhere(data, where)}</span>
      <span className="soft">{describeParameters(named.setting)}</span>
    </div>
  );
}

function describeParameters({ parameters }: LibrarySetting): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(' ') || 'none' : String(value)}`)
    .join(', ');
}

function WhatItSays({ policy }: { policy: ReadyPolicy }) {
  return (
    <details className={styles.says}>
      <summary>What it says when it denies</summary>
      <ul>
        {policy.reasons.map(({ code, message, remedy }) => (
          <li key={code}>
            “{message} {remedy}” <code>{code}</code>
          </li>
        ))}
      </ul>
      {policy.obligations.length > 0 && (
        <p>
          It asks of the door or app: <code>{policy.obligations.join(', ')}</code>. Where that cannot be done it denies.
        </p>
      )}
    </details>
  );
}
