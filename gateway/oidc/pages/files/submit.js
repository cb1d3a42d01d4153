// The sign-out was proven by the client's ID token: the form confirms itself. Without scripts the button stays.
document.querySelector('[data-submit]')?.click();
