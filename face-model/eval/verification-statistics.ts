import type { Interval, RocPoint, ThresholdFigures, VerificationSummary } from '#gateway/domain/face/eval-report.ts';

/** A pair of pictures: whether it is one person, and how similar the faces are. NaN = no score could be made; it matches nobody. */
export interface ScoredPair {
  readonly same: boolean;
  readonly score: number;
}

/** A share with its 95 % interval, which stays inside 0 and 1 and is honest about small numbers. */
export function wilson(count: number, total: number): Interval {
  if (total === 0) return { value: Number.NaN, low: 0, high: 1 };
  const z = 1.959964;
  const share = count / total;
  const centre = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export function figuresAt(pairs: readonly ScoredPair[], threshold: number): ThresholdFigures {
  const impostors = pairs.filter((pair) => !pair.same);
  const genuine = pairs.filter((pair) => pair.same);
  return {
    threshold,
    fmr: wilson(impostors.filter(({ score }) => score >= threshold).length, impostors.length),
    fnmr: wilson(genuine.filter(({ score }) => !(score >= threshold)).length, genuine.length),
  };
}

/** Every threshold at which anything changes, rising. */
function thresholdsOf(pairs: readonly ScoredPair[]): readonly number[] {
  const scores = [...new Set(pairs.map(({ score }) => score).filter(Number.isFinite))].sort((a, b) => a - b);
  const last = scores.at(-1) ?? 0;
  return [...scores, last + 1e-6];
}

/** The whole curve in one pass over the sorted scores. */
export function rocOf(pairs: readonly ScoredPair[]): readonly RocPoint[] {
  const genuine = pairs
    .filter(({ same }) => same)
    .map(({ score }) => score)
    .sort((a, b) => a - b);
  const impostors = pairs
    .filter(({ same }) => !same)
    .map(({ score }) => score)
    .sort((a, b) => a - b);
  const [usableGenuine, usableImpostors] = [genuine.filter(Number.isFinite), impostors.filter(Number.isFinite)];
  const failedGenuine = genuine.length - usableGenuine.length;
  let [g, i] = [0, 0];
  return thresholdsOf(pairs).map((threshold) => {
    while ((usableGenuine[g] ?? Number.POSITIVE_INFINITY) < threshold) g += 1;
    while ((usableImpostors[i] ?? Number.POSITIVE_INFINITY) < threshold) i += 1;
    return {
      threshold,
      fmr: impostors.length === 0 ? 0 : (usableImpostors.length - i) / impostors.length,
      fnmr: genuine.length === 0 ? 0 : (g + failedGenuine) / genuine.length,
    };
  });
}

export function summarise(pairs: readonly ScoredPair[]): VerificationSummary {
  const roc = rocOf(pairs);
  const genuine = pairs.filter(({ same }) => same).length;
  const accuracyAt = ({ fmr, fnmr }: RocPoint): number =>
    pairs.length === 0 ? 0 : ((1 - fnmr) * genuine + (1 - fmr) * (pairs.length - genuine)) / pairs.length;
  const best = roc.reduce((a, b) => (accuracyAt(b) > accuracyAt(a) ? b : a));
  const equal = roc.reduce((a, b) => (Math.abs(b.fmr - b.fnmr) < Math.abs(a.fmr - a.fnmr) ? b : a));
  const tarAt = (farMax: number): number => Math.max(0, ...roc.filter(({ fmr }) => fmr <= farMax).map(({ fnmr }) => 1 - fnmr));
  return {
    pairs: pairs.length,
    failures: pairs.filter(({ score }) => !Number.isFinite(score)).length,
    accuracy: accuracyAt(best),
    bestThreshold: best.threshold,
    eer: (equal.fmr + equal.fnmr) / 2,
    tar_at_far_1e2: tarAt(1e-2),
    tar_at_far_1e3: tarAt(1e-3),
  };
}

/** Accuracy of each fold at the threshold that is best for all others: what a threshold is worth that did not see the test. */
export function crossValidate(folds: readonly (readonly ScoredPair[])[]): { readonly mean: number; readonly deviation: number } | null {
  if (folds.length < 2) return null;
  const accuracies = folds.map((fold, i) => {
    const { bestThreshold } = summarise(folds.filter((_, other) => other !== i).flat());
    return fold.filter(({ same, score }) => score >= bestThreshold === same).length / fold.length;
  });
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (accuracies.length - 1);
  return { mean, deviation: Math.sqrt(variance) };
}
