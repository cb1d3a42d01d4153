/** The camera's page of a terminal. It shows what the terminal says, and sends frames only while the terminal wants them. */
const token = location.hash.slice(1);
const WORDS = {
  look: 'Look at the camera',
  one_person: 'One person at a time, please',
  turn_left: 'Turn your head to your left, and back',
  turn_right: 'Turn your head to your right, and back',
  blink: 'Close your eyes for a moment',
  open_mouth: 'Open your mouth, and close it',
  come_closer: 'Come closer',
  too_far: 'Come closer',
  not_facing: 'Look straight at the camera',
  head_tilted: 'Hold your head upright',
  eyes_closed: 'Open your eyes',
  too_dark: 'It is too dark',
  too_bright: 'It is too bright',
  back_light: 'There is too much light behind you',
  blurred: 'Hold still',
};
const LAST = {
  recognised: 'Welcome',
  not_recognised: 'You were not recognised',
  enrolled: 'This terminal knows your face now',
  enrolled_alike: 'This terminal knows your face now. It looks like one that it knows under another name: please tell the desk',
  not_enrolled: 'Nothing was kept',
};
const CHECKS = {
  'Near enough': ['too_far'],
  'Looking straight ahead': ['not_facing', 'head_tilted'],
  'Good light': ['too_dark', 'too_bright', 'back_light'],
  Sharp: ['blurred'],
};
const IDLE_MS = 300;
const FRAME_MS = 100;
const JPEG_QUALITY = 0.9;

const [say, camera, consent, quality] = ['say', 'camera', 'consent', 'quality'].map((id) => document.getElementById(id));
const canvas = document.createElement('canvas');
let stream = null;

async function call(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function show(view) {
  consent.hidden = view.kind !== 'asks_consent';
  quality.hidden = view.kind !== 'enrols';
  if (view.kind === 'idle') say.textContent = LAST[view.last] ?? 'Present your badge';
  if (view.kind === 'asks_consent') say.textContent = 'May this terminal know your face?';
  if (view.kind === 'verifies') say.textContent = WORDS[view.say];
  if (view.kind === 'enrols') showEnrolment(view);
}

/** What is good and what is not yet, in words and not in colour alone. */
function showEnrolment({ of, problems, say: wanted, taken }) {
  say.textContent = `${WORDS[wanted]} (${taken} of ${of})`;
  quality.replaceChildren(
    ...Object.entries(CHECKS).map(([name, wrong]) => {
      const item = document.createElement('li');
      const isWrong = problems.some((problem) => wrong.includes(problem));
      item.textContent = `${isWrong ? '✗' : '✓'} ${name}`;
      item.dataset.good = String(!isWrong);
      return item;
    }),
  );
}

async function openCamera() {
  stream ??= await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480, facingMode: 'user' }, audio: false });
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

async function sendFrame() {
  canvas.width = camera.videoWidth;
  canvas.height = camera.videoHeight;
  if (canvas.width === 0) return call('/view');
  canvas.getContext('2d').drawImage(camera, 0, 0);
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
  await openCamera();
  return sendFrame();
}

document.getElementById('agree').addEventListener('click', () => call('/consent', { method: 'POST', body: 'yes' }));
document.getElementById('refuse').addEventListener('click', () => call('/consent', { method: 'POST', body: 'no' }));

let view = { kind: 'idle', wantsFrames: false, last: null };
for (;;) {
  try {
    view = await round(view);
  } catch (failure) {
    // The person need not wait here for a camera that does not open: the door takes what else it may.
    if (failure instanceof DOMException && view.wantsFrames) await call('/no-camera', { method: 'POST' }).catch(() => undefined);
    say.textContent = failure instanceof DOMException ? 'The camera cannot be used' : 'This terminal does not answer';
    view = { kind: 'idle', wantsFrames: false, last: null };
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  await new Promise((resolve) => setTimeout(resolve, view.wantsFrames ? FRAME_MS : IDLE_MS));
}
