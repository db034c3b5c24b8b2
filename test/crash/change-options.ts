/** How far crashes of changes are explored. CRASH_SEED and CRASH_SCALE give other samples, and more. */
export const SEED = Number(process.env['CRASH_SEED'] ?? 1616);
export const SCALE = Number(process.env['CRASH_SCALE'] ?? 1);
export const OPTIONS = { exhaustive: 10, samples: 2000 * SCALE, tears: 32 * SCALE, seed: SEED, completeEvery: 40 };
