import type { ClosedView } from '#gateway/http/contract/me.ts';
import { Notice } from '../../shared/ui/states.tsx';
import { Said } from './said.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** What was closed, and plainly what may still be open. */
export function ClosedNotice({ closed }: { closed: ClosedView | null }) {
  const t = usePortalTexts();
  return (
    <Said of={closed} focus="taken">
      {closed !== null && (
        <Notice tone={closed.residual.length === 0 ? 'ok' : 'warn'}>
          <p>{t('closed', { count: closed.sessions })}</p>
          {closed.residual.map((what) => (
            <p key={what}>{t(`residual_${what}`)}</p>
          ))}
        </Notice>
      )}
    </Said>
  );
}
