export type FaceStorage = 'carried' | 'terminal';

/** What a terminal shows before it looks at anybody, word for word: test/unit/admin-ui/consent-words.test.ts compares them. */
export const CONSENT: Readonly<Record<FaceStorage, string>> = {
  carried:
    'A description of your face can be put on your card or phone, encrypted, to recognise you beside your badge. No picture is kept, this terminal keeps nothing of it, and its key can be destroyed at any time, which makes it unreadable. You do not have to agree: another way in stays open to you.',
  terminal:
    'This terminal can keep a description of your face, encrypted, to recognise you beside your badge. No picture is kept, nothing of it leaves this device, and you can have it deleted at any time. You do not have to agree: another way in stays open to you.',
};
