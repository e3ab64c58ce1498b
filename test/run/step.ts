/** How many tests of a step passed and failed. */
export interface Tally {
  passed: number
  failed: number
}

/** A program of `node_modules/.bin` and its arguments. */
export type Command = readonly [program: string, ...args: string[]]

/** A part of the test run, with one or more processes. */
export interface Step {
  name: string
  /** Independent commands; several run at once. */
  commands: readonly Command[]
  /** Reads the tally from the output of one command; without it a command counts as one test. */
  tally?(output: string): Tally
  /** The names and messages of the failed tests, from the output of one command. */
  failures?(output: string): string
  /** Its commands start processes of their own; at most two such steps run at once. */
  isParallel?: boolean
  /** Why the step cannot run here, and the command that enables it. */
  skipped?: { reason: string; command: string }
}
