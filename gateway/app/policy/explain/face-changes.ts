import type { DecisionInput } from '../../../domain/access/decision-input.ts';
import { NO_FACE } from '../../../domain/access/input-facts.ts';
import type { FactChange } from '../../../domain/policy/explanation.ts';

/** Facts of the input that could have been otherwise, and how that is said. */
export interface FaceChange {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly words: Pick<FactChange, 'from' | 'to' | 'text'>;
}

/** The face as it would have been right, and at a door the PIN in its place: nobody has to be looked at. */
export function faceChanges({ action, context }: DecisionInput): readonly FaceChange[] {
  const { credential, face } = context;
  const isAsked = action.name === 'door.unlock' || action.name === 'app.login';
  if (!isAsked || !face.known) return [];
  const from = face.verified ? `recognised, ${face.score_band}, ${face.liveness}` : 'not recognised';
  const right = { ...face, verified: true, score_band: 'high', liveness: 'active', age_s: 0 };
  const looked = { from, to: 'recognised, high, active', text: 'if the person’s own living face had been recognised' };
  const path = 'context.face';
  const byFace = { path, values: { [path]: right }, words: looked };
  if (action.name !== 'door.unlock' || !credential.pin.enrolled) return [byFace];
  const pin = { ...credential.pin, asked: true, presented: true, ok: true, attempts_left: Math.max(1, credential.pin.attempts_left) };
  const values = { [path]: { ...NO_FACE, alternative: 'pin' }, 'context.credential.pin': pin };
  return [
    byFace,
    { path, values, words: { from, to: 'the PIN in its place', text: 'if the right PIN had been entered in place of the face' } },
  ];
}
