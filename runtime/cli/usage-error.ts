/** Wrong usage that only shows when a command runs. */

/** The command was told something that cannot be. The message is for the user, and holds no secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
