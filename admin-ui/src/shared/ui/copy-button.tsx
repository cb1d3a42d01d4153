import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { useWords } from './words.ts';

const FEEDBACK_MS = 1_800;

export function CopyButton({ text, label, size = 'small' }: { text: string; label?: string; size?: 'small' | 'medium' }) {
  const words = useWords();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <>
      <Button size={size} look={size === 'small' ? 'quiet' : 'plain'} icon={state === 'copied' ? Check : Copy} onClick={copy}>
        {state === 'copied' ? words.copied : state === 'failed' ? words.copyByHand : (label ?? words.copy)}
      </Button>
      <span role="status" className="visually-hidden">
        {state === 'copied' ? words.copiedAloud : ''}
      </span>
    </>
  );
}
