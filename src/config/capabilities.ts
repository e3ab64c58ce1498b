import * as v from 'valibot'
import { ApiError, quotePath } from '../errors.ts'
import { longestMatch, type ProfileOverride } from '../oci/models/profiles.ts'
import type { Environment, Files } from '../platform.ts'
import type { Config } from './read.ts'
import { configPath } from './source.ts'

/** The file that `oci-gateway probe` writes and the gateway reads, beside its configuration file. */
export const CAPABILITIES_FILE = 'capabilities.json'

/** Distinguishes the file from others of the same name. */
const GENERATOR = 'oci-gateway probe'
const VERSION = 1

const Text = v.pipe(v.string(), v.maxLength(200))
/** What was found out about models. `null`: none. */
const ModelCapabilities = v.strictObject({
  emptyToolCallText: v.exactOptional(v.nullable(Text)),
  maxOutputTokens: v.exactOptional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)))),
  systemRole: v.exactOptional(v.picklist(['system', 'user'])),
  tokenField: v.exactOptional(v.picklist(['maxTokens', 'maxCompletionTokens'])),
  tools: v.exactOptional(v.boolean()),
  streams: v.exactOptional(v.boolean()),
  forceSingleStep: v.exactOptional(v.boolean()),
  imageDetail: v.exactOptional(v.boolean()),
  base64Embeddings: v.exactOptional(v.picklist(['base64', 'BASE64'])),
})
export type ModelCapabilities = v.InferOutput<typeof ModelCapabilities>

const CapabilitiesSchema = v.strictObject({
  generator: v.literal(GENERATOR),
  version: v.literal(VERSION),
  /** Version of the gateway. */
  gateway: Text,
  createdAt: Text,
  nativeBearer: v.optional(v.boolean()),
  aliases: v.optional(v.record(Text, Text)),
  /** By name or pattern of models. */
  models: v.record(Text, ModelCapabilities),
  /** Each question with its answer, for people. */
  evidence: v.array(v.object({ question: Text, model: Text, result: v.string() })),
})
/** The content of `capabilities.json`. */
export type Capabilities = v.InferOutput<typeof CapabilitiesSchema>

/** Adds the members that identify the file and its version. */
export function createCapabilities(
  found: Omit<Capabilities, 'generator' | 'version'>,
): Capabilities {
  return { generator: GENERATOR, version: VERSION, ...found }
}

/** The default place: beside the configuration file, else the working directory. */
export function capabilitiesPath(env: Environment): string {
  const path = configPath(env) ?? ''
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) +
    CAPABILITIES_FILE
}

/** Whether the setting is the JSON text itself, not the path of a file. */
export function isCapabilitiesText(setting: string): boolean {
  return setting.trim().startsWith('{')
}

/**
 * Reads the capabilities of the setting, or of the default place. `undefined` if there are none. Throws
 * a `configuration_error` for a file that is named and missing, and for one that cannot be used.
 */
export async function readCapabilities(
  setting: string | undefined,
  env: Environment,
  files: Files | undefined,
): Promise<Capabilities | undefined> {
  const isText = setting !== undefined && isCapabilitiesText(setting)
  const path = setting ?? capabilitiesPath(env)
  const name = isText ? 'GATEWAY_CAPABILITIES' : quotePath(path)
  // Without the setting, a file that cannot be read counts as absent.
  const text = isText ? setting : await files?.read(path).catch(() => undefined)
  if (text === undefined) {
    if (setting === undefined) return undefined
    throw unusable(name, 'it does not exist or cannot be read')
  }
  const json = parse(text)
  const isOwn = typeof json === 'object' && json !== null && 'generator' in json &&
    json.generator === GENERATOR
  if (!isOwn && setting === undefined) return undefined
  const parsed = v.safeParse(CapabilitiesSchema, json, { abortEarly: true })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  throw unusable(name, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unusable(name: string, problem: string): ApiError {
  const message = `Cannot use the capabilities ${name}: ${problem}. Run "${GENERATOR}" again`
  return new ApiError('configuration_error', message, { reason: 'configuration' })
}

/** Adds capabilities to a configuration, whose own settings have precedence. */
export function withCapabilities(config: Config, found: Capabilities | undefined): Config {
  if (!found) return config
  const { aliases, models } = config
  const patterns = [...aliases.keys()]
  const own = Object.entries(found.aliases ?? {})
    .filter(([alias]) => longestMatch(alias, patterns) === undefined)
  const probed = Object.entries(found.models).map(([name, each]) =>
    [name, overrideOf(each)] as const
  )
  return {
    ...config,
    aliases: new Map([...own, ...aliases]),
    models: layered(new Map(probed), models),
    nativeBearer: found.nativeBearer ?? false,
  }
}

function overrideOf(
  { emptyToolCallText, maxOutputTokens, ...others }: ModelCapabilities,
): ProfileOverride {
  return {
    ...others,
    ...(emptyToolCallText !== undefined && { emptyToolCallText: emptyToolCallText ?? undefined }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens: maxOutputTokens ?? undefined }),
  }
}

type Overrides = ReadonlyMap<string, ProfileOverride>

/**
 * Merges two layers of overrides. Only one override applies to a model, so that each pattern gets the
 * values of all matching patterns of `below`, the longest last, and then those of the best match in
 * `above`.
 */
function layered(below: Overrides, above: Overrides): Overrides {
  const covers = (pattern: string, other: string) => longestMatch(pattern, [other]) !== undefined
  const lower = (pattern: string) =>
    [...below].filter(([other]) => covers(pattern, other))
      .toSorted(([one], [other]) => one.length - other.length)
  return new Map(
    [...below.keys(), ...above.keys()].map((pattern) => [
      pattern,
      Object.assign(
        {},
        ...lower(pattern).map(([, override]) => override),
        above.get(longestMatch(pattern, above.keys()) ?? ''),
      ),
    ]),
  )
}
