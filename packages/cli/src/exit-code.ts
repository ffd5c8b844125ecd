/** How the command ends. */
export const exitCode = {
  ok: 0,
  /** The function, or an event, failed. */
  failed: 1,
  /** The input is wrong: an option, a name, a file. */
  usage: 2,
} as const;

/** Wrong input, found while a command runs. */
export class UsageError extends Error {
  readonly next: string | undefined;

  constructor(message: string, next?: string) {
    super(message);
    this.name = "UsageError";
    this.next = next;
  }
}
