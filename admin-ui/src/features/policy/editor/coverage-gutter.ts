import { RangeSetBuilder, StateEffect, StateField, type Extension, type RangeSet, type Text } from '@codemirror/state';
import { Decoration, EditorView, gutter, GutterMarker, type DecorationSet } from '@codemirror/view';

export interface LineCoverage {
  readonly covered: readonly number[];
  readonly notCovered: readonly number[];
}

class CoverageMarker extends GutterMarker {
  readonly #isReached: boolean;

  constructor(isReached: boolean) {
    super();
    this.#isReached = isReached;
  }

  override toDOM(): Node {
    const mark = document.createElement('div');
    mark.className = this.#isReached ? 'cm-reached' : 'cm-not-reached';
    mark.title = this.#isReached ? 'Reached by a test' : 'No test reaches this line';
    return mark;
  }
}

const reached = new CoverageMarker(true);
const notReached = new CoverageMarker(false);
const notReachedLine = Decoration.line({ class: 'cm-not-reached-line' });

interface Marks {
  readonly gutter: RangeSet<GutterMarker>;
  readonly lines: DecorationSet;
}

const noMarks: Marks = { gutter: new RangeSetBuilder<GutterMarker>().finish(), lines: Decoration.none };

/** Says which lines the tests reach; null takes all marks away. */
export const setCoverage = StateEffect.define<LineCoverage | null>();

/** Marks wander with their lines; lines that are changed keep what was known of them until the tests run again. */
const field = StateField.define<Marks>({
  create: () => noMarks,
  update: (marks, transaction) => {
    const told = transaction.effects.find((effect) => effect.is(setCoverage));
    if (told !== undefined) return told.value === null ? noMarks : marksOf(transaction.newDoc, told.value);
    if (!transaction.docChanged) return marks;
    return { gutter: marks.gutter.map(transaction.changes), lines: marks.lines.map(transaction.changes) };
  },
  provide: (self) => EditorView.decorations.from(self, ({ lines }) => lines),
});

function marksOf(text: Text, { covered, notCovered }: LineCoverage): Marks {
  const missed = new Set(notCovered);
  const rows = [...covered, ...notCovered].filter((row) => row >= 1 && row <= text.lines).sort((a, b) => a - b);
  const [marks, lines] = [new RangeSetBuilder<GutterMarker>(), new RangeSetBuilder<Decoration>()];
  for (const row of rows) {
    const { from } = text.line(row);
    marks.add(from, from, missed.has(row) ? notReached : reached);
    if (missed.has(row)) lines.add(from, from, notReachedLine);
  }
  return { gutter: marks.finish(), lines: lines.finish() };
}

export const coverageGutter: Extension = [field, gutter({ class: 'cm-coverage', markers: (view) => view.state.field(field).gutter })];
