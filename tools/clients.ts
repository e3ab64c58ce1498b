import type { Client, Configuration, Settings, Use } from '../test/clients/client.ts'
import type { Result } from '../test/clients/last-run.ts'
import { CLIENTS } from '../test/clients/table.ts'

const BEGIN = '<!-- clients: made by npm run docs -->'
const END = '<!-- /clients -->'
/** Without these marks the formatter pads the cells. */
const AS_IS = ['<!-- deno-fmt-ignore-start -->', '<!-- deno-fmt-ignore-end -->']

/** The default settings of the gateway. */
const DOCUMENTED: Settings = { url: 'http://127.0.0.1:8050', key: 'none' }

const LANGUAGES = new Map([['.toml', 'toml'], ['.json', 'json']])

/** Renders the page of each client, by path below `docs/`. */
export function clientPages(): ReadonlyMap<string, string> {
  return new Map(CLIENTS.map((client) => [`clients/${client.name}.md`, renderPage(client)]))
}

/** Replaces the table of clients between its marks in a page. */
export function withClients(page: string, results: readonly Result[]): string {
  const [before = '', rest = ''] = page.split(BEGIN)
  const [, after = ''] = rest.split(END)
  const [begin, end] = AS_IS
  return `${before}${BEGIN}\n${begin}\n\n${renderTable(results)}\n${end}\n${END}${after}`
}

function renderTable(results: readonly Result[]): string {
  const rows = CLIENTS.map(({ name, title }) => {
    const result = results.find(({ client }) => client === name)
    const checks = result ? `${result.passed} of ${result.passed + result.failed}` : '–'
    const cells = [`[${title}](docs/clients/${name}.md)`, result?.version ?? '–', checks]
    return `| ${[...cells, result?.date ?? '–'].join(' | ')} |`
  })
  return ['| client | version | checks passed | date |', '|---|---|--:|---|', ...rows, ''].join(
    '\n',
  )
}

function renderPage(client: Client): string {
  const { title, packages, aliases, page, checks } = client
  const versions = Object.entries(packages).map(([name, version]) => `\`${name}\` ${version}`)
  const sections = [
    `<!-- deno-fmt-ignore-file -->\n<!-- made by npm run docs from test/clients/${client.name} -->`,
    `# ${title}`,
    page.intro,
    ...renderAliases(aliases),
    '## Configuration',
    ...renderConfiguration(client.configure(DOCUMENTED)),
    ...(page.setUp ? [fence('js', page.setUp(DOCUMENTED))] : []),
    `\`${DOCUMENTED.url}\` is the gateway's default address. The API key is one of \`GATEWAY_API_KEYS\`, or any text if the gateway has none.`,
    '## Use',
    ...page.uses.flatMap(renderUse),
    '## Tested',
    `With ${
      versions.join(', ')
    }, against the gateway in front of the simulator: \`npm run test:clients -- ${client.name}\`.`,
    list(checks.map(({ name }) => name)),
    '## Known limits',
    list(page.limits),
  ]
  return `${sections.join('\n\n')}\n`
}

function renderAliases(aliases: Client['aliases']): readonly string[] {
  if (Object.keys(aliases).length === 0) return []
  const line = `MODEL_MAP='${JSON.stringify(aliases)}' npm start`
  return ['## Gateway', 'Start the gateway with these model aliases:', fence('sh', line)]
}

function renderConfiguration({ files, env }: Configuration): readonly string[] {
  const written = Object.entries(files).flatMap(([path, text]) => {
    const ending = path.slice(path.lastIndexOf('.'))
    return [`In \`~/${path}\`:`, fence(LANGUAGES.get(ending) ?? '', text)]
  })
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${value}`)
  if (lines.length === 0) return written
  return [...written, 'Environment variables:', fence('sh', lines.join('\n'))]
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
