import type { Host } from './host.ts'
import {
  type OptionTable,
  parseArguments,
  type Positional,
  type Values,
} from './parse-arguments.ts'

/** A line that a user can run, and what it does. */
export interface Example {
  line: string
  does: string
}

/** The name of a command and how to load its code, so that only the code of one command is loaded. */
export interface CommandEntry {
  name: string
  /** One line for the list of commands, without a full stop. */
  summary: string
  load(): Promise<Command>
}

/** A command or a group of commands. */
export type Command = SingleCommand | CommandGroup

/** Commands with a common first word: `config validate`, `config print`. */
export interface CommandGroup {
  type: 'group'
  commands: readonly CommandEntry[]
}

export interface SingleCommand {
  type: 'command'
  positionals: readonly Positional[]
  options: OptionTable
  examples: readonly Example[]
  /** Exit statuses that differ from the usual ones, by status; `undefined`: never. */
  exitCodes: Readonly<Record<number, string | undefined>>
  /** Parses the arguments, which may throw a usage error, and runs the command. */
  execute(args: readonly string[], context: CommandContext): Promise<number>
}

export interface CommandContext {
  host: Host
  /** All commands, for completion. */
  commands: readonly CommandEntry[]
}

/** The parsed command line of one command. */
export interface Invocation<Options extends OptionTable> extends CommandContext {
  values: Values<Options>
  positionals: readonly string[]
}

interface Definition<Options extends OptionTable> {
  positionals?: readonly Positional[]
  options: Options
  examples: readonly Example[]
  exitCodes?: SingleCommand['exitCodes']
  /** Runs the command and resolves with its exit status. */
  run(invocation: Invocation<Options>): Promise<number>
}

/** Defines a command. Its options determine the type of the values that `run` receives. */
export function defineCommand<const Options extends OptionTable>(
  { positionals = [], options, examples, exitCodes = {}, run }: Definition<Options>,
): SingleCommand {
  return {
    ...{ type: 'command', positionals, options, examples, exitCodes },
    execute(args, context) {
      return run({ ...parseArguments(args, { options, positionals }), ...context })
    },
  }
}
