import type { LineQualityView } from './reader-operations.ts';

/** What a verdict means to a person, and what to do about it. */
export interface LineVerdictText {
  readonly label: string;
  readonly meaning: string;
  readonly remedy: string;
}

const texts: Readonly<Record<LineQualityView['verdict'], LineVerdictText>> = {
  good: { label: 'The line is good', meaning: 'At most one frame in 500 had to be repeated.', remedy: 'Nothing to do.' },
  marginal: {
    label: 'The line works, but not well',
    meaning: 'Up to one frame in 50 had to be repeated. Nobody notices it yet.',
    remedy: 'Check shield, termination and the distance to power lines before it gets worse.',
  },
  bad: {
    label: 'The line is bad',
    meaning: 'More than one frame in 50 had to be repeated: cards are slow, and the reader may go off line.',
    remedy: 'Check cable, connectors, shield and termination, or choose a lower speed; then test again.',
  },
};

export function explainLineQuality({ verdict }: Pick<LineQualityView, 'verdict'>): LineVerdictText {
  return texts[verdict];
}

/** The figures behind a verdict, in one sentence without its full stop. */
export function lineQualityFigures({ exchanges, failed, retries, badChecks, errorShare01 }: LineQualityView): string {
  const share = `${(100 * errorShare01).toFixed(1)} % errors`;
  return `${exchanges} commands answered, ${failed} not, ${retries} sent again, ${badChecks} wrong checks: ${share}`;
}
