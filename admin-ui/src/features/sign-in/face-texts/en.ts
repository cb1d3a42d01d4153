export const texts = {
  title: 'Show that it is you',
  lead: '{{appName}} asks that the camera of your own computer recognises you. No picture leaves it. You can use a security key or your badge instead.',
  look: 'Look at the camera of this computer',
  look_again: 'Look again',
  check: 'Check this computer',
  key: 'Use a security key instead',
  badge: 'I have badged in instead',
  waiting: 'Your computer is asked',
  nobody: 'The camera saw nobody well enough. Sit in even light, close to it, and try again.',
  not_enrolled: 'This computer does not know your face. Use another way, or ask an operator to have it enrolled.',
  withheld: 'The answer of your computer could not be used. Try again; if it happens twice, use another way and tell an operator.',
  no_desk: 'None of your computers is set up for this. Use another way.',
  too_many: 'Your face was not recognised several times. Use another way for now.',
  no_agent:
    'Nothing on this computer answers. Start its Gatehouse agent, allow this page to reach it if the browser asks, or use another way.',
  busy: 'This computer is busy with another sign-in. Try again in a moment.',
  not_yours: 'The agent on this computer is not set up for you, or its clock is wrong.',
  too_late: 'Your computer did not answer in time. Try again, or use another way.',
  say_look: 'Look at the camera',
  say_one_person: 'One person at a time, please',
  say_turn_left: 'Turn your head to your left, and back',
  say_turn_right: 'Turn your head to your right, and back',
  say_blink: 'Close your eyes for a moment',
  say_open_mouth: 'Open your mouth, and close it',
  say_come_closer: 'Come closer',
  say_too_far: 'Come closer',
  say_covered: 'Show your whole face',
  say_not_facing: 'Look straight at the camera',
  say_head_tilted: 'Hold your head upright',
  say_eyes_closed: 'Open your eyes',
  say_too_dark: 'It is too dark',
  say_too_bright: 'It is too bright',
  say_back_light: 'There is too much light behind you',
  say_blurred: 'Hold still',
} as const;

declare module 'i18next' {
  interface ResourceNamespaceMap {
    readonly sign_in_face: typeof texts;
  }
}
