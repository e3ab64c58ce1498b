import * as v from 'valibot'
import { isLoopback } from '../loopback.ts'
import type { Environment } from '../platform.ts'
import { fromEnvironment, mergeConfig, variableAt } from './environment.ts'
import {
  type ConfigDocument,
  type ConfigProblem,
  placeInFile,
  problemInFile,
  problemInVariable,
  textProblem,
  unknownKeyProblem,
} from './issues.ts'
import { parseJsonc, toPlain } from './jsonc.ts'
import { findUnknownKeys } from './known-keys.ts'
import { type ConfigFile, ConfigFileSchema } from './schema.ts'
import type { ConfigSource } from './source.ts'

/** A valid configuration, or all problems. */
export type CheckedConfig =
  | {
    type: 'valid'
    /** The keys of the file, overridden by those of the environment. */
    merged: ConfigFile
    /** The keys of the environment alone. */
    overrides: ConfigFile
    /** The file with its positions. */
    document: ConfigDocument | undefined
  }
  | { type: 'invalid'; problems: readonly ConfigProblem[] }

export interface CheckOptions {
  /** Whether API keys are required for any host, as on Workers. */
  exposed?: boolean
  /** `false` accepts a gateway without API keys at any address. Default: true. */
  requireKeys?: boolean
}

/**
 * Validates the file and the variables. Each on its own, so that an invalid key of the file is found
 * even if a variable overrides it.
 */
export function checkConfig(
  env: Environment,
  source: ConfigSource | undefined,
  { exposed = false, requireKeys = true }: CheckOptions = {},
): CheckedConfig {
  const inFile = source ? checkFile(source) : EMPTY
  const inVariables = checkVariables(env)
  const problems = [...problemsOf(inFile), ...problemsOf(inVariables)]
  if (inFile.type === 'invalid' || inVariables.type === 'invalid') {
    return { type: 'invalid', problems }
  }
  const merged = mergeConfig(inFile.file, inVariables.file)
  const unprotected = requireKeys ? findUnprotected(merged, exposed) : undefined
  if (unprotected) {
    const isHostInFile = !exposed && inVariables.file.host === undefined
    const problem = isHostInFile ? openHostProblem(inFile.document) : unprotected
    return { type: 'invalid', problems: [problem] }
  }
  return { type: 'valid', merged, overrides: inVariables.file, document: inFile.document }
}

type CheckedPart =
  | { type: 'valid'; file: ConfigFile; document?: ConfigDocument }
  | { type: 'invalid'; problems: readonly ConfigProblem[] }

const EMPTY: CheckedPart = { type: 'valid', file: {} }

function problemsOf(part: CheckedPart): readonly ConfigProblem[] {
  return part.type === 'invalid' ? part.problems : []
}

function checkFile({ name, text }: ConfigSource): CheckedPart {
  const parsed = parseJsonc(text)
  if (parsed.type === 'invalid') return invalid([textProblem(parsed.problem, name)])
  const document = { name, root: parsed.root }
  const { node, position } = parsed.root
  if (node.type !== 'object') {
    return invalid([{ source: name, position, key: '', message: 'must be a JSON object' }])
  }
  const value = toPlain(parsed.root)
  const checked = v.safeParse(ConfigFileSchema, value)
  const problems = [
    ...parsed.repeated.map((problem) => textProblem(problem, name)),
    ...findUnknownKeys(value).map((key) => unknownKeyProblem(key, document)),
    ...issuesOf(checked).map((issue) => problemInFile(issue, document)),
  ]
  return checked.success && problems.length === 0
    ? { type: 'valid', file: checked.output, document }
    : invalid(problems.sort(byPosition))
}

function checkVariables(env: Environment): CheckedPart {
  const checked = v.safeParse(ConfigFileSchema, fromEnvironment(env))
  if (checked.success) return { type: 'valid', file: checked.output }
  return invalid(
    checked.issues.map((issue) =>
      problemInVariable(issue, variableAt(issue.path?.map(({ key }) => key) ?? []))
    ),
  )
}

/** Without those of unknown keys, of which valibot reports only the first. */
function issuesOf({ issues = [] }: { issues?: readonly v.BaseIssue<unknown>[] | undefined }) {
  return issues.filter(({ expected }) => expected !== 'never')
}

function invalid(problems: readonly ConfigProblem[]): CheckedPart {
  return { type: 'invalid', problems }
}

function byPosition({ position: one }: ConfigProblem, { position: other }: ConfigProblem): number {
  if (!one || !other) return 0
  return one.line - other.line || one.column - other.column
}

const KEYS_NEEDED = 'GATEWAY_API_KEYS is not set: anyone who reaches this address could use your ' +
  'tenancy. Set it, on Workers with: npx wrangler secret put GATEWAY_API_KEYS'
const KEYS_OR_LOOPBACK =
  'HOST is not a loopback address and GATEWAY_API_KEYS is not set: anyone who reaches the address ' +
  'could use your tenancy. Set GATEWAY_API_KEYS, or HOST=127.0.0.1'

const KEYS_OR_LOOPBACK_IN_FILE =
  'is not a loopback address and GATEWAY_API_KEYS is not set: anyone who reaches the address could ' +
  'use your tenancy. Set GATEWAY_API_KEYS, or "host": "127.0.0.1"'

function openHostProblem(document: ConfigDocument | undefined): ConfigProblem {
  const place = placeInFile(['host'], document, true)
  return { ...place, key: 'host', message: KEYS_OR_LOOPBACK_IN_FILE }
}

/**
 * Finds whether a gateway lacks protection: if other machines reach it, it needs API keys, its own or
 * those of a store.
 */
export function findUnprotected(
  { host, access, store }: {
    host?: string | undefined
    access?: { apiKeys?: readonly string[] | undefined } | undefined
    store?: string | undefined
  },
  exposed: boolean,
): ConfigProblem | undefined {
  const isOpen = !access?.apiKeys?.length && store === undefined &&
    (exposed || !isLoopback(host ?? '127.0.0.1'))
  const message = exposed ? KEYS_NEEDED : KEYS_OR_LOOPBACK
  return isOpen ? { source: '', position: undefined, key: '', message } : undefined
}
