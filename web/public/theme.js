// Before the first paint, so that a dark page does not flash in white. web/app/theme.ts writes what is read here.
try {
  const theme = localStorage.getItem('millrace.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // No storage: the theme follows the system.
}
