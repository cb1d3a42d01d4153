import type { Readers } from '../../ports/readers.ts';
import type { FaceAnswer, FaceDesk } from '../face/face-desk.ts';
import type { BadgeDecision, CardRead } from './badge-read.ts';
import type { CardQueue } from './card-queue.ts';
import type { EntryRecords } from './entry-records.ts';
import type { FaceEntry } from './face-read.ts';
import type { ReaderSigns } from './reader-signs.ts';

export interface DoorFaces {
  readonly desk: Pick<FaceDesk, 'ask' | 'abandon' | 'tick'>;
  readonly read: (entry: FaceEntry) => Promise<BadgeDecision>;
}

export interface FaceLooksDeps {
  /** Absent where no reader has a terminal: a permit that wants a face is then withheld. */
  readonly faces: DoorFaces | undefined;
  readonly readers: Pick<Readers, 'indicate'>;
  readonly queue: CardQueue;
  readonly signs: ReaderSigns;
  readonly entries: EntryRecords;
  readonly carryOut: (read: CardRead, decided: BadgeDecision) => Promise<void>;
  /** The reader has too many reads waiting. */
  readonly onDropped: (read: CardRead) => void;
}

type Asked = Omit<FaceEntry, 'read' | 'answer'>;

/** Badges whose permit wants a face: the reader shows it, the terminal beside it looks, and its word is decided upon. */
export class FaceLooks {
  readonly #deps: FaceLooksDeps;

  constructor(deps: FaceLooksDeps) {
    this.#deps = deps;
  }

  /** The reader's queue goes on meanwhile: a revocation does not wait for somebody who looks for the camera. */
  async begin(read: CardRead, { decision, person, pin }: BadgeDecision): Promise<void> {
    const { entries, faces, readers } = this.#deps;
    if (faces === undefined || person === null) {
      entries.withheld(read.door, { decisionId: decision.id, personId: person?.id ?? null }, 'face.unavailable');
      return void (await readers.indicate(read.reader.id, 'denied'));
    }
    const asked: Asked = { askedBy: decision.id, personId: person.id, pin: pin ?? null };
    void faces.desk
      .ask({ personId: person.id, doorId: read.door.id, readerId: read.reader.id })
      .then((answer) => this.#onAnswer(faces, { read, asked, answer }));
    await readers.indicate(read.reader.id, 'face_wanted');
  }

  /** Another card at the reader starts over. */
  abandon(read: CardRead): void {
    this.#deps.faces?.desk.abandon(read.reader.id);
  }

  tick(): void {
    this.#deps.faces?.desk.tick();
  }

  /** A failure's reason stands under the permit that waited as well as in the deny that follows. */
  #onAnswer(faces: DoorFaces, { answer, asked, read }: { read: CardRead; asked: Asked; answer: FaceAnswer }): void {
    const { carryOut, entries, onDropped, queue, signs } = this.#deps;
    const about = { decisionId: asked.askedBy, personId: asked.personId };
    if (!answer.ok) entries.withheld(read.door, about, answer.code);
    if (!answer.ok && answer.code === 'face.abandoned') return;
    const isTaken = queue.add(read.reader.id, async () =>
      carryOut(read, await signs.during(read.reader.id, () => faces.read({ ...asked, read, answer }))),
    );
    if (isTaken) return;
    if (answer.ok) entries.withheld(read.door, about, 'face.abandoned');
    onDropped(read);
  }
}
