import { useEffect, useEffectEvent, useState } from 'react';
import type { AssertionOptions } from '#gateway/http/contract/sign-in.ts';
import {
  answerWithSavedPasskey,
  canOfferSavedPasskeys,
  mayOfferSavedPasskeys,
  stopOfferingPasskeys,
  type PasskeyAnswer,
} from '../api/passkey.ts';
import { Field } from './field.tsx';

interface PasskeyFieldProps {
  readonly label: string;
  /** While another ceremony runs, which ends the offer. */
  readonly paused: boolean;
  readonly begin: () => Promise<AssertionOptions>;
  readonly onPick: (answer: PasskeyAnswer) => void;
}

/** Sooner than the gateway forgets a challenge. */
const RENEW_MS = 240_000;

/**
 * The field in which the browser offers the passkeys that it knows (WebAuthn conditional mediation). Nothing typed into it goes
 * anywhere. Its failures are silent: the button beside it does the same, and says what went wrong.
 */
export function PasskeyField({ label, paused, begin, onPick }: PasskeyFieldProps) {
  const [isOffered, setIsOffered] = useState(mayOfferSavedPasskeys);
  const [round, setRound] = useState(0);
  const offer = useEffectEvent(async (signal: AbortSignal) => {
    if (!(await canOfferSavedPasskeys())) return setIsOffered(false);
    const options = await begin();
    if (signal.aborted) return;
    const answer = await answerWithSavedPasskey(options);
    if (!signal.aborted) onPick(answer);
  });
  useEffect(() => {
    if (!isOffered || paused) return undefined;
    const over = new AbortController();
    offer(over.signal).catch(() => undefined);
    const renewal = setTimeout(() => setRound(round + 1), RENEW_MS);
    return () => {
      over.abort();
      clearTimeout(renewal);
      stopOfferingPasskeys();
    };
  }, [isOffered, paused, round]);
  if (!isOffered) return null;
  return (
    <Field label={label}>
      {(control) => <input {...control} type="text" autoComplete="username webauthn" autoCapitalize="none" spellCheck={false} />}
    </Field>
  );
}
