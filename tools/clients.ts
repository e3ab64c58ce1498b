import { connectionOf } from '../src/cli/connect/connection.ts'
import { type Instruction, instructionsFor } from '../src/cli/connect/instructions.ts'
import type { ClientDefinition, Connection } from '../src/clients/client.ts'
import { CLIENTS as DEFINITIONS } from '../src/clients/table.ts'
import type { Client, Use } from '../test/clients/client.ts'
import type { Result } from '../test/clients/last-run.ts'
import { CLIENTS } from '../test/clients/table.ts'

const BEGIN = '<!-- clients: made by npm run docs -->'
const END = '<!-- /clients -->'
/** Without these marks the formatter pads the cells. */
const AS_IS = ['<!-- deno-fmt-ignore-start -->', '<!-- deno-fmt-ignore-end -->']

/** The defaults of the gateway, and the models that the examples name. */
const DOCUMENTED: Connection = connectionOf(
  { url: 'http://127.0.0.1:8050', key: 'none' },
  undefined,
  { model: 'xai.grok-4.3', models: 'openai.gpt-oss-120b' },
)

/** Renders the page of each client, by path below `docs/`. */
export async function clientPages(): Promise<ReadonlyMap<string, string>> {
  const pages = DEFINITIONS.map(async (definition) =>
    [`clients/${definition.name}.md`, await renderPage(definition)] as const
  )
  return new Map(await Promise.all(pages))
}

/** Replaces the table of clients between its marks in a page. */
export function withClients(page: string, results: readonly Result[]): string {
  const [before = '', rest = ''] = page.split(BEGIN)
  const [, after = ''] = rest.split(END)
  const [begin, end] = AS_IS
  return `${before}${BEGIN}\n${begin}\n\n${renderTable(results)}\n${end}\n${END}${after}`
}

function renderTable(results: readonly Result[]): string {
  const rows = CLIENTS.map(({ definition: { name, title } }) => {
    const result = results.find(({ client }) => client === name)
    const checks = result ? `${result.passed} of ${result.passed + result.failed}` : '–'
    const cells = [`[${title}](docs/clients/${name}.md)`, result?.version ?? '–', checks]
    return `| ${[...cells, result?.date ?? '–'].join(' | ')} |`
  })
  return ['| client | version | checks passed | date |', '|---|---|--:|---|', ...rows, ''].join(
    '\n',
  )
}

async function renderPage(definition: ClientDefinition): Promise<string> {
  const { name, title, intro, limits } = definition
  const client = CLIENTS.find((candidate) => candidate.definition === definition)
  const instructions = await instructionsFor(definition, DOCUMENTED)
  const sections = [
    `<!-- deno-fmt-ignore-file -->\n<!-- made by npm run docs from src/clients/${name}.ts -->`,
    `# ${title}`,
    intro,
    ...renderCommand(definition),
    ...(client ? renderAliases(client.aliases) : []),
    definition.files.length > 0 ? '## Manual configuration' : '## Configuration',
    ...instructions.flatMap(renderInstruction),
    `\`${DOCUMENTED.url}\` is the gateway's default address. The API key is one of \`GATEWAY_API_KEYS\`, or any text if the gateway has none.`,
    ...(client ? ['## Use', ...client.uses.flatMap(renderUse), ...renderTests(client)] : []),
    '## Known limits',
    list(limits),
  ]
  return `${sections.join('\n\n')}\n`
}

function renderCommand({ name, title, files, tryIt }: ClientDefinition): readonly string[] {
  if (files.length === 0) {
    const line = `npx oci-genai-gateway connect ${name}`
    return [
      fence('sh', line),
      'The command prints the following with the address, the key and a model of your gateway.',
    ]
  }
  const first = tryIt
    ? ` Then \`${tryIt}\` sends a first request, for which the command waits.`
    : ''
  const paths = files.map(({ path, folder }) => `\`${folder === 'home' ? '~/' : ''}${path}\``)
  return [
    fence('sh', `npx oci-genai-gateway connect ${name} --write`),
    `configures ${title}: it adds the settings to ${
      paths.join(' and ')
    }, keeps everything else in the file, and keeps a backup beside it.${first} \`--undo\` restores the file, \`--model MODEL\` selects another model, and without \`--write\` the command only prints the settings.`,
  ]
}

function renderTests({ definition, packages, checks }: Client): readonly string[] {
  const versions = Object.entries(packages).map(([name, version]) => `\`${name}\` ${version}`)
  return [
    '## Tested',
    `With ${
      versions.join(', ')
    }, against the gateway in front of the simulator: \`npm run test:clients -- ${definition.name}\`.`,
    list(checks.map(({ name }) => name)),
  ]
}

function renderAliases(aliases: Client['aliases']): readonly string[] {
  if (Object.keys(aliases).length === 0) return []
  const line = `MODEL_MAP='${JSON.stringify(aliases)}' npx oci-genai-gateway`
  return ['## Gateway', 'Start the gateway with these model aliases:', fence('sh', line)]
}

function renderInstruction({ heading, language, text }: Instruction): readonly string[] {
  return [`${heading.replace(/^In (.*)$/, 'In `$1`')}:`, fence(language, text)]
}

function renderUse({ title, language, text }: Use): readonly string[] {
  return [`### ${title}`, fence(language, text(DOCUMENTED))]
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}
