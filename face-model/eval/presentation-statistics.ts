import type { PresentationFigures } from '#gateway/domain/face/eval-report.ts';
import { wilson } from './verification-statistics.ts';

/** One presentation to the sensor. NaN = no score could be made: an attack that is not answered does not get in, and neither does a person. */
export interface ScoredPresentation {
  /** `live`, or the species of the attack instrument, such as `print` or `replay`. */
  readonly kind: string;
  readonly score: number;
}

export function presentationFiguresAt(presentations: readonly ScoredPresentation[], threshold: number): PresentationFigures {
  const live = presentations.filter(({ kind }) => kind === 'live');
  const species = [...new Set(presentations.map(({ kind }) => kind))].filter((kind) => kind !== 'live').sort();
  const apcer = Object.fromEntries(
    species.map((kind) => {
      const attacks = presentations.filter((one) => one.kind === kind);
      return [kind, wilson(attacks.filter(({ score }) => score >= threshold).length, attacks.length)] as const;
    }),
  );
  return {
    threshold,
    apcer,
    apcerMax: species.length === 0 ? Number.NaN : Math.max(...Object.values(apcer).map(({ value }) => value)),
    bpcer: wilson(live.filter(({ score }) => !(score >= threshold)).length, live.length),
  };
}
