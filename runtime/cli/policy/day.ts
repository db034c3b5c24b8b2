/** Days on which suppressions end. */

/** Whether a text is a day such as 2026-12-31. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // JavaScript reads February 30th as a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
