import * as v from 'valibot'
import { exportCommand } from '../../causes/shell.ts'
import {
  type ClientContext,
  type ClientReader,
  type ClientReading,
  jsonLine,
} from './client-settings.ts'
import { parseJson } from './parse.ts'

const Settings = v.looseObject({
  model: v.optional(v.string()),
  env: v.optional(v.record(v.string(), v.string()), {}),
  apiKeyHelper: v.optional(v.string()),
})

/** A name as Claude Code's own models have: an alias has to match it. */
const OWN_MODEL = 'claude-sonnet-4-5'

/** Claude Code: `~/.claude/settings.json`, or variables. */
export const claudeCode: ClientReader = {
  needsFile: false,
  parse: (text) => parseJson(text, 'jsonc'),
  read,
}

function read(file: unknown, { env }: ClientContext): ClientReading {
  const parsed = v.safeParse(Settings, file ?? {})
  if (!parsed.success) return { type: 'missing', problem: 'its settings have other types' }
  const { env: own, model, apiKeyHelper } = parsed.output
  const variable = (name: string) => own[name] ?? env[name]?.trim()
  const change = (name: string, value: string) =>
    name in own ? jsonLine(name, value) : exportCommand(name, value)
  const baseUrl = variable('ANTHROPIC_BASE_URL')
  if (!baseUrl) return { type: 'missing', problem: 'ANTHROPIC_BASE_URL is not set' }
  const key = variable('ANTHROPIC_AUTH_TOKEN') || variable('ANTHROPIC_API_KEY') ||
    (apiKeyHelper === undefined ? undefined : '(helper)')
  const settings = {
    baseUrl,
    changeUrl: (url: string) => change('ANTHROPIC_BASE_URL', url),
    endsWithV1: false,
    changeApi: undefined,
    apiKey: key || undefined,
    keyState: 'neither ANTHROPIC_AUTH_TOKEN nor ANTHROPIC_API_KEY is set',
    changeKey: change('ANTHROPIC_AUTH_TOKEN', 'KEY_OF_THE_GATEWAY'),
    model: model ?? variable('ANTHROPIC_MODEL') ?? OWN_MODEL,
    changeModel: (name: string) => exportCommand('MODEL_MAP', JSON.stringify({ 'claude-*': name })),
  }
  return { type: 'read', settings }
}
