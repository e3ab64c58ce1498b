import { checkConfig } from '../config/check.ts'
import { withCredential } from '../config/environment.ts'
import type { ConfigProblem } from '../config/issues.ts'
import { resolveSecrets } from '../config/secrets.ts'
import { type ConfigSource, readConfigSource } from '../config/source.ts'
import { type Config, readConfig } from '../config/read.ts'
import { ApiError } from '../errors.ts'
import { firstRegion } from '../oci/auth/check-settings.ts'
import type { AuthKind } from '../oci/auth/kind.ts'
import { selectCredential } from '../oci/auth/open-credential.ts'
import { expandHome } from '../oci/auth/read-file.ts'
import { readKey } from '../oci/auth/read-key.ts'
import { openSource, type Source } from '../oci/auth/source.ts'
import { type Region, resolveRegion } from '../oci/regions.ts'
import { importPrivateKey, type PrivateKey } from '../oci/signing/private-key.ts'
import { type Attempt, attempt, once } from './finding.ts'
import type { Machine } from './machine.ts'

/** The gateway's own configuration, without the check that it has API keys. */
export interface GatewaySettings {
  config: Config
  source: ConfigSource | undefined
}

/** The kind of credential and its settings, which only API keys and sessions have. */
export interface Selection {
  kind: AuthKind
  source: Source | undefined
}

/** What the files and the environment of the machine say. Each is read once, when it is needed. */
export interface LocalFacts {
  settings(): Promise<Attempt<GatewaySettings>>
  /** What is wrong in the gateway's own configuration; nothing if its file cannot be read. */
  configProblems(): Promise<readonly ConfigProblem[]>
  selection(): Promise<Attempt<Selection>>
  /** Fails for kinds of credentials without a private key of the user. */
  privateKey(): Promise<Attempt<PrivateKey>>
  /** The region of the models, as the configuration names it; `undefined` if only OCI knows it. */
  region(): Promise<Region | undefined>
}

export function createLocalFacts({ env, files }: Machine): LocalFacts {
  const settings = once(() => attempt(() => readGatewaySettings({ env, files })))
  const selection = once(async () => {
    const own = await settings()
    const credential = own.type === 'done' ? own.value.config.credential : {}
    return await attempt(() => select({ env: withCredential(env, credential), files }))
  })
  return {
    settings,
    configProblems: once(() => findProblems({ env, files })),
    selection,
    privateKey: once(() =>
      attempt(async () => {
        const selected = await selection()
        if (selected.type === 'failed') throw selected.error
        return await openKey(selected.value, files)
      })
    ),
    region: once(async () => {
      const [own, selected] = [await settings(), await selection()]
      const named = own.type === 'done' ? own.value.config.regions[0] : env['OCI_REGION']
      const source = selected.type === 'done' ? selected.value.source : undefined
      const text = named ?? source?.settings.get('region')?.value
      if (!text) return undefined
      const region = await attempt(() => resolveRegion(firstRegion(text), env))
      return region.type === 'done' ? region.value : undefined
    }),
  }
}

async function readGatewaySettings(
  { env, files }: Pick<Machine, 'env' | 'files'>,
): Promise<GatewaySettings> {
  const source = await readConfigSource(env, files)
  const config = readConfig(env, source, { requireKeys: false })
  return { config: await resolveSecrets(config, { env, files }), source }
}

async function findProblems(
  { env, files }: Pick<Machine, 'env' | 'files'>,
): Promise<readonly ConfigProblem[]> {
  const source = await attempt(() => readConfigSource(env, files))
  if (source.type === 'failed') return []
  const checked = checkConfig(env, source.value, { requireKeys: false })
  return checked.type === 'valid' ? [] : checked.problems
}

async function select({ env, files }: Pick<Machine, 'env' | 'files'>): Promise<Selection> {
  const { kind, source } = await selectCredential({ environment: env, files })
  const isInSource = kind === 'api_key' || kind === 'security_token'
  return { kind, source: source ?? (isInSource ? await openSource(env, files) : undefined) }
}

async function openKey(
  { source }: Selection,
  files: Machine['files'],
): Promise<PrivateKey> {
  if (source === undefined) throw noKey('this kind of credential has no private key of a user')
  const { settings, profile } = source
  const { text, states: [state] } = await readKey(settings, profile !== undefined, files)
  if (text === '') throw noKey(state ?? 'the private key is empty')
  return await importPrivateKey(text, settings.get('pass_phrase')?.value || undefined)
}

function noKey(state: string): ApiError {
  return new ApiError('configuration_error', state, { reason: 'no_key' })
}

/** Where the private key is: the path of its file, or the variable that contains it. */
export function placeOfKey(
  { settings }: Source,
  { files }: Pick<Machine, 'files'>,
): { path: string | undefined; place: string } {
  const content = settings.get('key_content')
  if (content) return { path: undefined, place: content.where }
  const path = expandHome(settings.get('key_file')?.value ?? '', files.home)
  return { path, place: `"${path}"` }
}
