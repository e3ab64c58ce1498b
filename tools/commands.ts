import type { CommandEntry, SingleCommand } from '../src/cli/command.ts'
import { COMMANDS } from '../src/cli/commands.ts'
import { exitStatuses, flagRow, PROGRAM, usageOf } from '../src/cli/help.ts'
import { withSection } from './generated-section.ts'

/** Replaces the reference of the commands in a page. */
export async function withCommands(page: string): Promise<string> {
  const commands = await readCommands(COMMANDS)
  const index = commands.map(({ words, summary }) =>
    `| [\`${words}\`](#${anchorOf(words)}) | ${escape(summary)} |`
  )
  return withSection(
    page,
    'commands',
    [
      ...['| command | does |', '|---|---|', ...index, ''],
      ...commands.map(renderCommand),
    ].join('\n'),
  )
}

interface NamedCommand {
  /** `config validate` */
  words: string
  summary: string
  command: SingleCommand
}

async function readCommands(
  entries: readonly CommandEntry[],
  before: readonly string[] = [],
): Promise<NamedCommand[]> {
  const found = await Promise.all(entries.map(async ({ name, summary, load }) => {
    const command = await load()
    const words = [...before, name]
    return command.type === 'group'
      ? await readCommands(command.commands, words)
      : [{ words: words.join(' '), summary, command }]
  }))
  return found.flat()
}

function renderCommand({ words, summary, command }: NamedCommand): string {
  const { positionals, options, examples } = command
  const flags = Object.entries(options).map(flagRow)
  return [
    `### ${PROGRAM} ${words}`,
    '',
    `${summary}.`,
    '',
    ...['```', usageOf(words, command), '```', ''],
    ...table(['argument', 'description'], positionals.map((each) => [each.name, each.description])),
    ...table(['flag', 'description'], flags),
    ...['```sh', ...examples.map(renderExample), '```', ''],
    ...table(['exit status', 'meaning'], exitStatuses(command)),
  ].join('\n')
}

function renderExample({ line, does }: SingleCommand['examples'][number]): string {
  return `${PROGRAM} ${line}  # ${does}`
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const cells = rows.map(([left = '', right = '']) => `| \`${left}\` | ${escape(right)} |`)
  return [`| ${titles.join(' | ')} |`, '|---|---|', ...cells, '']
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|')
}

function anchorOf(words: string): string {
  return `${PROGRAM} ${words}`.replaceAll(' ', '-')
}
