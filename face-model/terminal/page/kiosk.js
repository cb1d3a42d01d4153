import { NAMES, startLanguage, textOf } from './language.js';

/** The camera's page of a terminal. It shows what the terminal says, and sends frames only while the terminal wants them. */
const token = location.hash.slice(1);
const CHECKS = {
  'check.near': ['too_far'],
  'check.straight': ['not_facing', 'head_tilted'],
  'check.light': ['too_dark', 'too_bright', 'back_light'],
  'check.sharp': ['blurred'],
};
/** Somebody else may stand there then, ms. */
const CHOICE_MS = 60_000;
const IDLE_MS = 300;
const FRAME_MS = 100;
const JPEG_QUALITY = 0.9;
/** Faces are measured at this size; the code on a phone is finer, and is held where the lens is sharp and not where it is large. */
const FOR_FACES = { width: 640, height: 480 };
const FOR_CODES = { width: 1280, height: 960 };

const PARTS = ['say', 'camera', 'consent', 'terms', 'quality', 'languages', 'fill', 'code'];
const [say, camera, consent, terms, quality, languages, fill, code] = PARTS.map((id) => document.getElementById(id));
/** What answers for the person, and with what. */
const ANSWERS = { agree: 'yes', card: 'card', phone: 'phone', refuse: 'no', cancel: 'no' };
const canvas = document.createElement('canvas');
let stream = null;
/** It was opened for codes. */
let isFine = false;
const ownLanguage = startLanguage(navigator.languages);
let language = ownLanguage;
let chosenAt = 0;
const text = (key, values) => textOf(language, key, values);

function speak(next) {
  language = next;
  document.documentElement.lang = next;
  document.title = text('title');
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', text(element.dataset.label));
  for (const button of languages.children) button.setAttribute('aria-pressed', String(button.lang === next));
}

async function call(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** A live region: what stays as it is is not said again. */
function tell(words) {
  if (say.textContent !== words) say.textContent = words;
}

function show(view) {
  consent.hidden = view.kind !== 'asks_consent';
  quality.hidden = view.kind !== 'enrols';
  fill.hidden = view.kind !== 'fills_phone';
  document.body.dataset.kind = view.kind;
  if (view.kind !== 'idle') chosenAt = Date.now();
  else if (language !== ownLanguage && Date.now() - chosenAt > CHOICE_MS) speak(ownLanguage);
  if (view.kind === 'idle') tell(text(`last.${view.last}`) ?? text('idle'));
  if (view.kind === 'asks_consent') askConsent(view.carriers ?? null);
  if (view.kind === 'reads_phone') tell(text('reads_phone'));
  if (view.kind === 'fills_phone') showCode(view.code);
  if (view.kind === 'verifies') tell(text(`say.${view.say}`));
  if (view.kind === 'enrols') showEnrolment(view);
}

/** Null: the face stays here. */
function askConsent(carriers) {
  tell(text('asks_consent'));
  terms.textContent = carriers === null ? text('consent') : text('consent_carried');
  document.getElementById('agree').hidden = carriers !== null;
  for (const name of ['card', 'phone']) document.getElementById(name).hidden = carriers?.includes(name) !== true;
}

/** One pixel a module: the style makes them large, and keeps their edges. */
function showCode(rows) {
  tell(text('fills_phone'));
  if (code.dataset.rows === rows.join()) return;
  code.dataset.rows = rows.join();
  code.width = code.height = rows.length;
  const pen = code.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, rows.length, rows.length);
  pen.fillStyle = '#000';
  rows.forEach((row, y) => [...row].forEach((module, x) => module === '1' && pen.fillRect(x, y, 1, 1)));
}

/** What is good and what is not yet, in words and not in colour alone. */
function showEnrolment({ of, problems, say: wanted, taken }) {
  tell(text('progress', { say: text(`say.${wanted}`), taken, of }));
  quality.replaceChildren(
    ...Object.entries(CHECKS).map(([name, wrong]) => {
      const item = document.createElement('li');
      const isWrong = problems.some((problem) => wrong.includes(problem));
      item.textContent = `${isWrong ? '✗' : '✓'} ${text(name)}`;
      item.dataset.good = String(!isWrong);
      return item;
    }),
  );
}

const isForCode = (kind) => kind.endsWith('_phone');

/** What is fine enough for a code serves a face as well, made smaller: at a door there is no time to open it twice. */
async function openCamera(kind) {
  if (isForCode(kind) && !isFine) closeCamera();
  if (stream === null) {
    isFine = isForCode(kind);
    const wanted = isFine ? FOR_CODES : FOR_FACES;
    stream = await navigator.mediaDevices.getUserMedia({ video: { ...wanted, facingMode: 'user' }, audio: false });
  }
  if (camera.srcObject !== stream) {
    camera.srcObject = stream;
    await camera.play();
  }
  camera.hidden = false;
}

function closeCamera() {
  camera.hidden = true;
  camera.srcObject = null;
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

async function sendFrame(kind) {
  const scale = isForCode(kind) ? 1 : Math.min(1, FOR_FACES.height / camera.videoHeight);
  canvas.width = Math.round(camera.videoWidth * scale);
  canvas.height = Math.round(camera.videoHeight * scale);
  if (canvas.width === 0) return call('/view');
  canvas.getContext('2d').drawImage(camera, 0, 0, canvas.width, canvas.height);
  const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
  canvas.width = 0;
  return call('/frame', { method: 'POST', body: jpeg });
}

async function round(view) {
  show(view);
  if (!view.wantsFrames) {
    closeCamera();
    return call('/view');
  }
  await openCamera(view.kind);
  return sendFrame(view.kind);
}

for (const [code, name] of Object.entries(NAMES)) {
  const button = Object.assign(document.createElement('button'), { type: 'button', lang: code, textContent: name, className: 'plain' });
  button.addEventListener('click', () => {
    chosenAt = Date.now();
    speak(code);
  });
  languages.append(button);
}
speak(ownLanguage);
for (const [id, body] of Object.entries(ANSWERS))
  document.getElementById(id).addEventListener('click', () => call('/consent', { method: 'POST', body }));

let view = { kind: 'idle', wantsFrames: false, last: null };
for (;;) {
  try {
    view = await round(view);
  } catch (failure) {
    // The person need not wait here for a camera that does not open: the door takes what else it may.
    if (failure instanceof DOMException && view.wantsFrames) await call('/no-camera', { method: 'POST' }).catch(() => undefined);
    tell(text(failure instanceof DOMException ? 'camera_unusable' : 'no_answer'));
    view = { kind: 'idle', wantsFrames: false, last: null };
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  await new Promise((resolve) => setTimeout(resolve, view.wantsFrames ? FRAME_MS : IDLE_MS));
}
