import { toApiError } from '../errors.ts'

/** Exit statuses of the gateway and its commands. */
export const EXIT = {
  success: 0,
  /** The command ran and failed, or found a problem. */
  failure: 1,
  /** Unknown commands, flags or values. */
  usage: 2,
  /** The configuration is invalid or a credential is missing, from sysexits.h. */
  configuration: 78,
  /** Interrupted by Ctrl+C. */
  interrupted: 130,
} as const

/** What the exit statuses of a command that serves requests mean, see `endOnSignal()`. */
export const SERVER_EXIT_CODES: Readonly<Record<number, string>> = {
  [EXIT.success]: 'ended by Ctrl+C or SIGTERM, after the running requests',
  [EXIT.failure]: 'an error occurred, or a second Ctrl+C ended it at once',
  [EXIT.interrupted]: 'interrupted by Ctrl+C before it listened',
}

/** The exit status for an error at start-up. */
export function exitCodeFor(thrown: unknown): number {
  const isConfiguration = toApiError(thrown).code === 'configuration_error'
  return isConfiguration ? EXIT.configuration : EXIT.failure
}

/** The message of an error at start-up, for the person who starts the gateway. */
export function messageFor(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
