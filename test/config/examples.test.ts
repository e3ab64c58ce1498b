import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import * as v from 'valibot'
import { ConfigFileSchema } from '../../src/config/schema.ts'

const ROOT = new URL('../../', import.meta.url)
const KEYS = Object.keys(ConfigFileSchema.entries)
/** Keys with keys: `host.docker.internal` is not one. */
const GROUPS = KEYS.filter((key) => key !== 'host')

/** The problems of the configuration examples in a page, each with its line. */
function findProblems(page: string): string[] {
  const blocks = [...page.matchAll(/^( *)```(\w*)[^\n]*\n(.*?)^\1```$/gms)]
  const prose = blocks.reduce((text, [block]) => text.replace(block, blank(block)), page)
  return [
    ...blocks.flatMap(({ 2: language, 3: code = '', index }) => {
      const line = lineAt(page, index)
      if (language === 'json' || language === 'jsonc') {
        return isConfig(code, page.slice(0, index)) ? validate(code, line) : []
      }
      return [...code.matchAll(/GATEWAY_CONFIG=(['"])(\s*\{.*?)\1(?=\s|$)/gs)]
        .flatMap((match) => validate(match[2] ?? '', line))
    }),
    ...[...prose.matchAll(/`([^`\n]+)`/g)].flatMap(({ 1: code = '', index }) =>
      validateInline(code, lineAt(page, index))
    ),
  ]
}

/** Keeps the lines, so that line numbers stay right. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function lineAt(page: string, index: number): number {
  return page.slice(0, index).split('\n').length
}

/** The first key of requests, responses, errors and log lines. */
const OTHER_JSON = /^\s*\{\s*"(?:error|event|id|level|messages?|model|object|time|type)"/

/** JSON that follows the name of another program's file, its heading, or shares no key, is another's. */
function isConfig(code: string, before: string): boolean {
  if (OTHER_JSON.test(code)) return false
  const paragraph = before.trimEnd().split('\n').at(-1) ?? ''
  if (/GATEWAY_CONFIG|gateway\.jsonc?/.test(paragraph)) return true
  if (/`[^`]*\/[^`]*`|in the same file$/.test(paragraph)) return false
  return [...code.matchAll(/"([^"]+)"\s*:/g)].some(([, key = '']) => KEYS.includes(key))
}

function validate(code: string, line: number): string[] {
  const json = code.replace(/^\s*\/\/.*$/gm, '')
  try {
    const { issues = [] } = v.safeParse(ConfigFileSchema, JSON.parse(json))
    return issues.map((issue) => `line ${line}: ${v.getDotPath(issue)}: ${issue.message}`)
  } catch {
    return [`line ${line}: invalid JSON`]
  }
}

/** Checks `retry.maxAttempts` and `"responses": {"store": {}}`, the two forms of keys in prose. */
function validateInline(code: string, line: number): string[] {
  const [first = '', ...rest] = code.split('.')
  if (GROUPS.includes(first) && /^(\w+\.)+\w+$/.test(code) && !/\.(ts|md|json|js)$/.test(code)) {
    return isKey(rest, ConfigFileSchema.entries[first as keyof typeof ConfigFileSchema.entries])
      ? []
      : [`line ${line}: ${code}: unknown key`]
  }
  // A request of the Responses API has a field of the same name as the gateway's store.
  if (/^"store": (true|false)$/.test(code)) return []
  const isMember = KEYS.includes(/^"([^"]+)": /.exec(code)?.[1] ?? '')
  return isMember ? validate(`{${code}}`, line) : []
}

/** Whether a schema has a key. The keys of a record are free, such as the name of a model. */
function isKey([key, ...rest]: string[], schema: object): boolean {
  if (key === undefined) return true
  const { entries, value, pipe, wrapped } = schema as {
    entries?: Record<string, object>
    value?: object
    pipe?: object[]
    wrapped?: object
  }
  if (entries) return entries[key] !== undefined && isKey(rest, entries[key])
  if (value) return isKey(rest, value)
  const inner = wrapped ?? pipe?.find((part) => part !== schema && 'kind' in part)
  return inner !== undefined && isKey([key, ...rest], inner)
}

const pages = [
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...(await readdir(new URL('docs/', ROOT), { recursive: true }))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

describe('the configuration examples', () => {
  for (const page of pages) {
    it(`of ${page} are valid`, async () => {
      assert.deepEqual(findProblems(await readFile(new URL(page, ROOT), 'utf8')), [])
    })
  }
})

const OTHER = 'In `~/.openclaw/openclaw.json`:\n\n```json\n{"models": {"mode": "merge"}}\n```\n'

const examples: [name: string, page: string, ...problems: string[]][] = [
  ['a valid block', '```json\n{"retry": {"maxAttempts": 2}}\n```'],
  ['a block with comments', '```jsonc\n{\n  // Twice.\n  "retry": {"maxAttempts": 2}\n}\n```'],
  [
    'a block with an unknown key',
    'A\n\n```json\n{"retry": {"attempts": 2}}\n```',
    'line 3: retry.attempts: Invalid key: Expected never but received "attempts"',
  ],
  [
    'a block after GATEWAY_CONFIG',
    '`GATEWAY_CONFIG`:\n\n```json\n{"profiles": {}}\n```',
    'line 3: profiles: Invalid key: Expected never but received "profiles"',
  ],
  ['a block that is cut off', '```json\n{"retry": …}\n```', 'line 1: invalid JSON'],
  ["another program's file", OTHER],
  ['an error', '```json\n{"error": {"message": "no"}, "port": "x"}\n```'],
  [
    'a variable in a shell block',
    '```sh\nGATEWAY_CONFIG=\'{"port": 0}\' npm start\nGATEWAY_CONFIG=\'{"port": -1}\' npm start\n```',
    'line 1: port: must not be negative',
  ],
  ['the path of a file', '```sh\nGATEWAY_CONFIG=gateway.json npm start\n```'],
  [
    'a key in prose',
    '`timeouts.commitSeconds` `timeouts.idleSeconds` `models.ts`',
    'line 1: timeouts.commitSeconds: unknown key',
  ],
  [
    'a deep key in prose',
    '`responses.store.most` `responses.store.maxItems`',
    'line 1: responses.store.most: unknown key',
  ],
  [
    'a member in prose',
    '\n`"responses": {"store": {}}` `"retry": {"share": 1}`',
    'line 2: retry.share: Invalid key: Expected never but received "share"',
  ],
]

describe('findProblems()', () => {
  for (const [name, page, ...problems] of examples) {
    it(`checks ${name}`, () => {
      assert.deepEqual(findProblems(page), problems)
    })
  }
})
