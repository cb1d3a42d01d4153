// Runs before the first paint, so that an explicit choice of theme does not flash. src/shared/theme.ts owns the key.
(() => {
  try {
    const theme = localStorage.getItem('gatehouse.theme');
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's theme holds.
  }
})();
