import type { CommandContext, CommandEntry, SingleCommand } from '../command.ts'
import type { CompletedValue, Option } from '../parse-arguments.ts'
import { valuesOf } from './values.ts'

/** A word that can follow, and what it means. */
export interface Candidate {
  value: string
  description: string
}

/** The words that can follow, or the request to complete the name of a file. */
export type Candidates = { type: 'words'; words: readonly Candidate[] } | { type: 'file' }

export interface CompletionContext extends CommandContext {
  /** The command whose flags follow without a command. */
  defaultCommand: string
}

/**
 * Computes what can be in the place of the last word, from the table of commands.
 * @param words the words of the command line without the program; the last one may be empty
 */
export async function completeWords(
  words: readonly string[],
  context: CompletionContext,
): Promise<Candidates> {
  const current = words.at(-1) ?? ''
  const found = await candidatesFor(words.slice(0, -1), current, context)
  if (found.type === 'file') return found
  return { type: 'words', words: found.words.filter(({ value }) => value.startsWith(current)) }
}

async function candidatesFor(
  before: readonly string[],
  current: string,
  context: CompletionContext,
): Promise<Candidates> {
  const { commands, defaultCommand } = context
  const [first = '', ...rest] = before
  if (first === 'help') return candidatesFor(rest, current, context)
  if (first === '' && !current.startsWith('-')) return commandNames(commands)
  if (first !== '' && !first.startsWith('-')) {
    return await inCommands(commands, before, current, context)
  }
  const inDefault = await inCommands(commands, [defaultCommand, ...before], current, context)
  if (first !== '' || inDefault.type === 'file') return inDefault
  const version = { value: '--version', description: 'Print the version' }
  return { type: 'words', words: [...inDefault.words, version] }
}

async function inCommands(
  commands: readonly CommandEntry[],
  [name = '', ...before]: readonly string[],
  current: string,
  context: CompletionContext,
): Promise<Candidates> {
  const command = await commands.find((entry) => entry.name === name)?.load()
  if (command === undefined) return { type: 'words', words: [] }
  if (command.type === 'command') return await inCommand(command, before, current, context)
  return before.length === 0
    ? commandNames(command.commands)
    : await inCommands(command.commands, before, current, context)
}

function commandNames(commands: readonly CommandEntry[]): Candidates {
  const words = commands.map(({ name, summary }) => ({ value: name, description: summary }))
  return { type: 'words', words }
}

async function inCommand(
  { options, positionals }: SingleCommand,
  before: readonly string[],
  current: string,
  context: CommandContext,
): Promise<Candidates> {
  const { pending, values, isEnded } = readWords(before, options)
  if (pending) return await optionValues(pending, '', context)
  if (!isEnded && current.startsWith('-')) {
    const [, flag = '', name = ''] = /^(--([^=]+)=)/.exec(current) ?? []
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    return option ? await optionValues(option, flag, context) : flagNames(options, before)
  }
  const positional = positionals[values] ?? (positionals.at(-1)?.isRepeated && positionals.at(-1))
  return positional ? await optionValues(positional, '', context) : { type: 'words', words: [] }
}

interface ReadWords {
  /** The flag whose value follows. */
  pending: Option | undefined
  /** The number of positional arguments. */
  values: number
  /** Whether "--" ended the flags. */
  isEnded: boolean
}

function readWords(before: readonly string[], options: SingleCommand['options']): ReadWords {
  const read: ReadWords = { pending: undefined, values: 0, isEnded: false }
  for (const word of before) {
    if (read.pending) read.pending = undefined
    else if (read.isEnded || !word.startsWith('-')) read.values++
    else if (word === '--') read.isEnded = true
    else if (!word.includes('=')) read.pending = flagWithValue(word, options)
  }
  return read
}

function flagWithValue(word: string, options: SingleCommand['options']): Option | undefined {
  const found = Object.entries(options).find(([name, { short }]) =>
    word === `--${name}` || (short !== undefined && word === `-${short}`)
  )
  return found && found[1].type !== 'boolean' ? found[1] : undefined
}

/** All flags that are not in the command line yet. */
function flagNames(options: SingleCommand['options'], before: readonly string[]): Candidates {
  const words = Object.entries(options)
    .map(([name, { description }]) => ({ value: `--${name}`, description }))
    .filter(({ value }) => !before.includes(value))
  return { type: 'words', words: [...words, { value: '--help', description: 'Print the help' }] }
}

/** @param prefix the flag and "=" of a value in the same word */
async function optionValues(
  { choices, completes }: { choices?: readonly string[]; completes?: CompletedValue },
  prefix: string,
  context: CommandContext,
): Promise<Candidates> {
  if (completes === 'file') return { type: 'file' }
  const values = choices ?? (completes ? await valuesOf(completes, context.host) : [])
  const words = values.map((value) => ({ value: `${prefix}${value}`, description: '' }))
  return { type: 'words', words }
}
