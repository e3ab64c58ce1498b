import type { Command, CommandContext, CommandEntry } from './command.ts'
import { COMPLETE } from './completion/protocol.ts'
import { EXIT, exitCodeFor, messageFor } from '../entry/exit-codes.ts'
import { commandHelp, groupHelp, PROGRAM, programHelp } from './help.ts'
import type { Host, TextOutput } from './host.ts'
import { isUsageError, unknownName } from './usage-error.ts'

/** The command that runs without a name. */
const DEFAULT_COMMAND = 'serve'

/**
 * Runs the command that the arguments name and resolves with the exit status. Errors are written to
 * standard error.
 */
export async function runCommandLine(
  args: readonly string[],
  host: Host,
  commands: readonly CommandEntry[],
): Promise<number> {
  const { stdout } = host
  try {
    const status = await dispatch(args, { host, commands })
    await stdout.drained()
    if (stdout.failure) throw stdout.failure
    return status
  } catch (thrown) {
    return await reportError(thrown, args, { host, commands })
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const { commands, host } = context
  const [first = '', ...rest] = args
  if (isHelp(first) || first === 'help' && rest.length === 0) {
    host.stdout.write(programHelp(commands, DEFAULT_COMMAND, host.stdout))
    return EXIT.success
  }
  // "help serve" is "serve --help".
  if (first === 'help') return dispatch([...rest, '--help'], context)
  if (isVersion(first)) return dispatch(['version'], context)
  if (first === COMPLETE) {
    const { printCandidates } = await import('./completion/print-candidates.ts')
    return await printCandidates(rest, { ...context, defaultCommand: DEFAULT_COMMAND })
  }
  if (beforeSeparator(args).includes('--version')) {
    return dispatch(['version'], context)
  }
  const isFlag = first === '' || first.startsWith('-')
  return enter(isFlag ? [DEFAULT_COMMAND, ...args] : args, { commands, words: [] }, context)
}

interface Position {
  commands: readonly CommandEntry[]
  /** The words that led here. */
  words: readonly string[]
}

async function enter(
  [name = '', ...rest]: readonly string[],
  { commands, words }: Position,
  context: CommandContext,
): Promise<number> {
  const entry = commands.find((command) => command.name === name)
  if (entry === undefined) {
    throw unknownName('command', [...words, name].join(' '), commands.map((known) => known.name))
  }
  const command = await entry.load()
  context.host.signal.throwIfAborted()
  const here = [...words, name]
  if (needsHelp(rest, command)) {
    const { stdout } = context.host
    stdout.write(await helpOf(entry, here.join(' '), command, stdout))
    return EXIT.success
  }
  return command.type === 'group'
    ? enter(rest, { commands: command.commands, words: here }, context)
    : command.execute(rest, context)
}

/** A group without a command prints its help. Flags after `--` belong to the command. */
function needsHelp(args: readonly string[], { type }: Command): boolean {
  if (type === 'group') return args.length === 0 || isHelp(args[0])
  return beforeSeparator(args).some(isHelp)
}

function beforeSeparator(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return end < 0 ? args : args.slice(0, end)
}

function isVersion(arg: string): boolean {
  return arg === '--version' || arg === '-V' || arg === '-v'
}

function isHelp(arg: string | undefined): boolean {
  return arg === '--help' || arg === '-h'
}

async function helpOf(
  { summary }: CommandEntry,
  words: string,
  command: Command,
  output: TextOutput,
): Promise<string> {
  return command.type === 'group'
    ? await groupHelp(words, summary, command, output)
    : commandHelp(words, summary, command, output)
}

/** Writes an error for a person and returns the exit status. */
async function reportError(
  thrown: unknown,
  args: readonly string[],
  { host: { stdout, stderr, signal }, commands }: CommandContext,
): Promise<number> {
  if (signal.aborted) return EXIT.interrupted
  // A reader that closes the pipe early, as `head` does, is no error.
  if (stdout.closed.aborted && stdout.failure === undefined) return EXIT.success
  if (isUsageError(thrown)) {
    const words = [PROGRAM, ...await commandWords(args, commands)]
    stderr.write(`${thrown.message}\nSee ${words.join(' ')} --help\n`)
    return EXIT.usage
  }
  stderr.write(`${messageFor(stdout.failure ?? thrown)}\n`)
  return exitCodeFor(thrown)
}

/** The first arguments, as far as they name a command: `keys create`. */
async function commandWords(
  [name = '', ...rest]: readonly string[],
  commands: readonly CommandEntry[],
): Promise<readonly string[]> {
  const entry = commands.find((known) => known.name === name)
  if (entry === undefined) return []
  const command = await entry.load()
  return [name, ...command.type === 'group' ? await commandWords(rest, command.commands) : []]
}
