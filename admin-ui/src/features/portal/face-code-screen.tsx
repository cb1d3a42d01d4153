import { encodeQR } from 'qr';
import { useEffect, useMemo } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import styles from './face-code.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** The code as large and bright as the screen can, in black and white whatever the colours are, and the screen does not sleep meanwhile. */
export function FaceCodeScreen({ code, onClose }: { code: Uint8Array; onClose: () => void }) {
  const t = usePortalTexts();
  const { path, side } = useMemo(() => drawCode(code), [code]);
  useEffect(stayAwake, []);
  return (
    <Dialog title={t('face_show_title')} size="screen" onClose={onClose}>
      <svg role="img" aria-label={t('face_code')} className={styles.code} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
        <rect width={side} height={side} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <p className={styles.hint}>{t('face_show_hint')}</p>
      <Button size="large" width="wide" onClick={onClose} data-initial-focus>
        {t('done')}
      </Button>
    </Dialog>
  );
}

/** A code of bytes as they are: a fifth smaller than their letters would be, and so read from farther away. */
function drawCode(code: Uint8Array): { readonly path: string; readonly side: number } {
  const letters = String.fromCharCode(...code);
  const rows = encodeQR(letters, 'raw', { ecc: 'low', encoding: 'byte', border: 4, textEncoder: () => code });
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return { path, side: rows.length };
}

/** Where the browser can. It lets go by itself when the page is hidden, and when it is told to. */
function stayAwake(): () => void {
  let isOver = false;
  let release: (() => void) | null = null;
  navigator.wakeLock?.request('screen').then(
    (lock) => {
      release = () => void lock.release().catch(() => undefined);
      if (isOver) release();
    },
    () => undefined, // A battery that is low: the screen sleeps as it always does.
  );
  return () => {
    isOver = true;
    release?.();
  };
}
