import type { Decision } from '../../domain/access/decision.ts';
import { ATTESTATION_LIFE_MS_MAX } from '../../domain/face/attestation.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Readers } from '../../ports/readers.ts';
import type { FaceAnswer, FaceDesk, FaceSeen } from '../face/face-desk.ts';
import type { BadgeDecision, CardRead } from './badge-read.ts';
import type { CardQueue } from './card-queue.ts';
import type { EntryRecords } from './entry-records.ts';
import type { FaceEntry } from './face-read.ts';
import type { PinPrompts } from './pin-prompts.ts';
import type { ReaderSigns } from './reader-signs.ts';

/** After a look that came to nothing, for the PIN in its place, ms. */
export const PIN_INSTEAD_MS = 10_000;

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
  /** For the PIN that a person may give in place of the face. */
  readonly prompts: Pick<PinPrompts, 'open' | 'extend' | 'close'>;
  readonly carryOut: (read: CardRead, decided: BadgeDecision) => Promise<void>;
  /** The reader has too many reads waiting. */
  readonly onDropped: (read: CardRead) => void;
}

type Asked = Omit<FaceEntry, 'answer'>;

/** A badge at whose reader the person may look or enter the PIN. */
interface Choice {
  readonly asked: Asked;
  /** What came of the look; null = it goes on. */
  readonly answer: FaceSeen | null;
}

/** Badges whose permit wants a face: the reader shows it, the terminal beside it looks, and its word is decided upon. */
export class FaceLooks {
  readonly #deps: FaceLooksDeps;
  /** One at each reader at most, as there is one prompt. */
  readonly #choices = new Map<ReaderId, Choice>();

  constructor(deps: FaceLooksDeps) {
    this.#deps = deps;
  }

  /** The reader's queue goes on meanwhile: a revocation does not wait for somebody who looks for the camera. */
  async begin(read: CardRead, { decision, person, pin }: BadgeDecision): Promise<void> {
    const { entries, faces, readers } = this.#deps;
    const readerId = read.reader.id;
    if (faces === undefined || person === null) {
      entries.withheld(read.door, { decisionId: decision.id, personId: person?.id ?? null }, 'face.unavailable');
      return void (await readers.indicate(readerId, 'denied'));
    }
    const asked: Asked = { read, askedBy: decision.id, personId: person.id, pin: pin ?? null };
    if (takesPin(decision)) {
      this.#choices.set(readerId, { asked, answer: null });
      // Opened with the look: whoever does not want to be looked at need not wait for it to end.
      this.#deps.prompts.open({ read, decisionId: decision.id, isInstead: true }, ATTESTATION_LIFE_MS_MAX + PIN_INSTEAD_MS);
    }
    // Asked before anything is awaited: a card that comes meanwhile abandons it.
    void faces.desk.ask({ personId: person.id, doorId: read.door.id, readerId }).then((answer) => this.#onAnswer(faces, asked, answer));
    await readers.indicate(readerId, 'face_wanted');
  }

  /** Another card at the reader starts over. */
  abandon({ door, reader }: CardRead): void {
    const choice = this.#choices.get(reader.id);
    this.#choices.delete(reader.id);
    if (choice !== undefined && choice.answer !== null) this.#withheld(choice.asked, door, codeOf(choice.answer));
    this.#deps.faces?.desk.abandon(reader.id);
  }

  /** The PIN was entered in place of the face: nobody is looked at any more. */
  chosePin({ door, reader }: CardRead): void {
    const choice = this.#choices.get(reader.id);
    this.#choices.delete(reader.id);
    if (choice !== undefined && choice.answer !== null) this.#withheld(choice.asked, door, codeOf(choice.answer));
    this.#deps.faces?.desk.abandon(reader.id);
  }

  /** No PIN came in place of the face. */
  pinEnded({ reader }: CardRead): void {
    const { faces } = this.#deps;
    const choice = this.#choices.get(reader.id);
    this.#choices.delete(reader.id);
    if (faces !== undefined && choice !== undefined && choice.answer !== null) this.#decide(faces, choice.asked, choice.answer);
  }

  tick(): void {
    this.#deps.faces?.desk.tick();
  }

  /** A failure's reason stands under the permit that waited as well as in the deny that follows. */
  #onAnswer(faces: DoorFaces, asked: Asked, answer: FaceAnswer): void {
    const { door, reader } = asked.read;
    if (!answer.ok && answer.code === 'face.abandoned') return this.#withheld(asked, door, answer.code);
    const choice = this.#choices.get(reader.id);
    if (choice === undefined) return this.#decide(faces, asked, answer);
    if (isNothingSeen(answer)) return this.#leavePin(asked, answer);
    this.#choices.delete(reader.id);
    this.#deps.prompts.close(reader.id);
    this.#decide(faces, asked, answer);
  }

  /** Nobody was compared with anybody: the PIN is still good, and the reader says so at once. */
  #leavePin(asked: Asked, answer: FaceSeen): void {
    const { read } = asked;
    this.#choices.set(read.reader.id, { asked, answer });
    this.#deps.prompts.extend(read.reader.id, PIN_INSTEAD_MS);
    void this.#deps.readers.indicate(read.reader.id, 'pin_wanted');
  }

  #decide(faces: DoorFaces, asked: Asked, answer: FaceSeen): void {
    const { carryOut, onDropped, queue, signs } = this.#deps;
    const { read } = asked;
    if (!answer.ok) this.#withheld(asked, read.door, answer.code);
    const isTaken = queue.add(read.reader.id, async () =>
      carryOut(read, await signs.during(read.reader.id, () => faces.read({ ...asked, answer }))),
    );
    if (isTaken) return;
    if (answer.ok) this.#withheld(asked, read.door, 'face.abandoned');
    onDropped(read);
  }

  #withheld({ askedBy, personId }: Asked, door: CardRead['door'], detail: string): void {
    this.#deps.entries.withheld(door, { decisionId: askedBy, personId }, detail);
  }
}

/** One setting that wants the face and nothing else is enough for that. */
function takesPin(decision: Decision): boolean {
  const faces = decision.effect === 'permit' ? decision.obligations.filter((obligation) => obligation.id === 'face') : [];
  return faces.length > 0 && faces.every(({ alternatives }) => alternatives?.includes('pin') === true);
}

const codeOf = (answer: FaceSeen): string => (answer.ok ? 'face.unseen' : answer.code);

/** A face that was not that person's, or not alive, is an answer; that no look came about is none. */
function isNothingSeen(answer: FaceSeen): boolean {
  return !answer.ok || answer.isUnseen === true;
}
