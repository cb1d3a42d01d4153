import { useQuery } from '@tanstack/react-query';
import { Fingerprint, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { PasskeysView, PasskeyView } from '#gateway/http/contract/me.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, Notice } from '../../shared/ui/states.tsx';
import { AddPasskeyDialog } from './add-passkey-dialog.tsx';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import { PasskeyRow } from './passkey-row.tsx';
import { passkeysQuery } from './portal-queries.ts';
import styles from './portal.module.css';
import { RecoveryHint } from './recovery-hint.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RenamePasskeyDialog } from './rename-passkey-dialog.tsx';
import { Said } from './said.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

type Asked = { readonly act: 'add' } | { readonly act: 'rename' | 'remove'; readonly passkey: PasskeyView };

interface Outcome {
  readonly text: ReactNode;
  /** A removed passkey's row is gone, and the button with it. */
  readonly focus: 'taken' | 'left';
}

export function PasskeysPage() {
  const t = usePortalTexts();
  const passkeys = useQuery(passkeysQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [said, setSaid] = useState<Outcome | null>(null);
  const ask = (next: Asked) => {
    setSaid(null);
    setAsked(next);
  };
  const onDone = (text: ReactNode) => setSaid({ text, focus: asked?.act === 'remove' ? 'taken' : 'left' });
  const dialog = { onClose: () => setAsked(null), onDone };
  return (
    <Page
      title={t('passkeys')}
      sub={t('passkeys_sub')}
      actions={
        <Button look="primary" icon={Plus} disabled={isFull(passkeys.data)} onClick={() => ask({ act: 'add' })}>
          {t('add_passkey')}
        </Button>
      }
    >
      <Said of={said} focus={said?.focus ?? 'left'}>
        {said?.text}
      </Said>
      <CountNotice data={passkeys.data} />
      <Panel>
        <Loaded query={passkeys}>
          {(data) =>
            data.passkeys.length === 0 ? (
              <Empty icon={Fingerprint} title={t('passkeys_none')}>
                <RecoveryHint />
              </Empty>
            ) : (
              <ul className={styles.rows}>
                {data.passkeys.map((passkey) => (
                  <PasskeyRow
                    key={passkey.id}
                    passkey={passkey}
                    onRename={() => ask({ act: 'rename', passkey })}
                    onRemove={() => ask({ act: 'remove', passkey })}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      {asked?.act === 'add' && <AddPasskeyDialog {...dialog} canConfirm={passkeys.data?.passkeys.length !== 0} />}
      {asked?.act === 'rename' && <RenamePasskeyDialog {...dialog} passkey={asked.passkey} />}
      {asked?.act === 'remove' && <RemovePasskey {...dialog} passkey={asked.passkey} all={passkeys.data?.passkeys ?? []} />}
    </Page>
  );
}

interface RemovePasskeyProps extends PasskeyDialogProps {
  readonly passkey: PasskeyView;
  readonly all: readonly PasskeyView[];
}

function RemovePasskey({ all, passkey, ...dialog }: RemovePasskeyProps) {
  const t = usePortalTexts();
  const added = all.filter(({ id }) => passkey.addedWithIt.includes(id));
  return <RemoveDialog {...dialog} what="passkey" thing={passkey} added={added} warning={all.length === 1 ? t('remove_only') : null} />;
}

/** Too few to be safe, or as many as there may be. */
function CountNotice({ data }: { data: PasskeysView | undefined }) {
  const t = usePortalTexts();
  if (data?.passkeys.length === 1) return <Notice tone="warn">{t('passkeys_one')}</Notice>;
  return isFull(data) && <Notice tone="info">{t('passkeys_full', { max: data?.passkeysMax ?? 0 })}</Notice>;
}

function isFull(data: PasskeysView | undefined): boolean {
  return data !== undefined && data.passkeys.length >= data.passkeysMax;
}
