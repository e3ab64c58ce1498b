import type { CommandEntry, CommandGroup, Example, SingleCommand } from './command.ts'
import { EXIT } from '../entry/exit-codes.ts'
import type { TextOutput } from './host.ts'
import type { Option } from './parse-arguments.ts'
import { wrapForTerminal } from './wrap-text.ts'

/** The name of the executable. */
export const PROGRAM = 'oci-gateway'

const USUAL_EXIT_CODES: Readonly<Record<number, string>> = {
  [EXIT.success]: 'success',
  [EXIT.failure]: 'an error occurred',
  [EXIT.usage]: 'unknown command, flag or value',
  [EXIT.configuration]: 'invalid configuration or missing credential',
  [EXIT.interrupted]: 'interrupted by Ctrl+C',
}

/** The help of a command. `words` are the command's words: `config validate`. */
export function commandHelp(
  words: string,
  summary: string,
  command: SingleCommand,
  output: TextOutput,
): string {
  const { positionals, options, examples } = command
  const list = listFor(output)
  return sections([
    `${summary}.`,
    `Usage: ${usageOf(words, command)}`,
    list('Arguments', positionals.map(({ name, description }) => [name, description])),
    list('Flags', [...Object.entries(options).map(flagRow), ['-h, --help', 'Print this help']]),
    list('Examples', exampleRows(examples)),
    list('Exit statuses', exitStatuses(command)),
  ])
}

/** The words, arguments and flags of a command in one line. */
export function usageOf(words: string, { positionals }: SingleCommand): string {
  const places = positionals.map(({ name, isRequired, isRepeated }) => {
    const repeated = isRepeated ? `${name}…` : name
    return isRequired ? ` ${repeated}` : ` [${repeated}]`
  })
  return `${PROGRAM} ${words}${places.join('')} [flags]`
}

/** The exit statuses of a command, each with its meaning. */
export function exitStatuses({ exitCodes }: SingleCommand): [status: string, meaning: string][] {
  return Object.entries({ ...USUAL_EXIT_CODES, ...exitCodes })
    .flatMap(([status, meaning]) => meaning === undefined ? [] : [[status, meaning]])
}

/** Commands of a group with an example in its help. */
const GROUP_EXAMPLES = 3

/** The help of a group of commands: `config`. */
export async function groupHelp(
  words: string,
  summary: string,
  { commands }: CommandGroup,
  output: TextOutput,
): Promise<string> {
  const first = await Promise.all(commands.slice(0, GROUP_EXAMPLES).map(({ load }) => load()))
  const examples = first.flatMap((command) =>
    command.type === 'command' ? command.examples.slice(0, 1) : []
  )
  const list = listFor(output)
  return sections([
    `${summary}.`,
    `Usage: ${PROGRAM} ${words} COMMAND [flags]`,
    list('Commands', commandRows(commands)),
    list('Examples', exampleRows(examples)),
    `${PROGRAM} ${words} COMMAND --help describes a command.`,
  ])
}

/** The help of the program. */
export function programHelp(
  commands: readonly CommandEntry[],
  defaultName: string,
  output: TextOutput,
): string {
  const list = listFor(output)
  return sections([
    "An OpenAI- and Anthropic-compatible gateway in front of Oracle Cloud's Generative AI.",
    `Usage: ${PROGRAM} [COMMAND] [flags]`,
    list('Commands', commandRows(commands)),
    list('Examples', [
      [PROGRAM, `start the gateway, as ${PROGRAM} ${defaultName} does`],
      [`${PROGRAM} demo`, 'try it without an account'],
      [`${PROGRAM} connect codex --write`, 'configure a client'],
    ]),
    `${PROGRAM} COMMAND --help describes a command. ${PROGRAM} --version prints the version.`,
  ])
}

function exampleRows(examples: readonly Example[]): Row[] {
  return examples.map(({ line, does }) => [`${PROGRAM} ${line}`, does])
}

function commandRows(commands: readonly CommandEntry[]): Row[] {
  return commands.map(({ name, summary }) => [name, summary])
}

/** A flag as it is written, and its description. */
export function flagRow(
  [name, { short, value, type, description, choices }]: [string, Option],
): string[] {
  const letter = short ? `-${short}, ` : ''
  const shown = type === 'boolean' ? '' : ` ${value ?? 'TEXT'}`
  return [
    `${letter}--${name}${shown}`,
    choices ? `${description}: ${choices.join(', ')}` : description,
  ]
}

/** The longest first column with the description beside it, not below. */
const MAX_COLUMN = 44

type Row = readonly string[]

/** Makes lists of two columns. On a terminal, the second one is wrapped. */
function listFor(output: TextOutput): (title: string, rows: readonly Row[]) => string {
  return (title, rows) => {
    if (rows.length === 0) return ''
    const widths = rows.map(([left = '']) => left.length).filter((width) => width <= MAX_COLUMN)
    const width = Math.max(0, ...widths)
    const indent = ' '.repeat(width + 4)
    const lines = rows.map(([left = '', right = '']) => {
      const text = wrapForTerminal(right, indent.length, output).join(`\n${indent}`)
      return left.length > width
        ? `  ${left}\n${indent}${text}`
        : `  ${left.padEnd(width)}  ${text}`
    })
    return `${title}:\n${lines.join('\n')}`
  }
}

function sections(texts: readonly string[]): string {
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`
}
