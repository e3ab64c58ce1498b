import type { ConfigFile } from '../../config/schema.ts'
import { toApiError } from '../../errors.ts'
import { isLoopback } from '../../loopback.ts'
import { isOcid, type Principal } from '../../oci/auth/principal.ts'
import { type Compartment, listCompartments } from '../../oci/identity/list-compartments.ts'
import type { ListedModel } from '../../oci/models/list.ts'
import { readAddress } from '../../oci/auth/variables.ts'
import { identityEndpoint, resolveRegion } from '../../oci/regions.ts'
import type { Environment } from '../../platform.ts'
import type { Host } from '../host.ts'
import type { OpenedPrincipal } from '../open-principal.ts'
import { whilePending } from '../progress.ts'
import type { Choice, Prompts } from './prompts.ts'
import type { FoundCredential } from './find-credentials.ts'

/** What the questions need. */
export interface Wizard {
  host: Host
  prompts: Prompts
  /** With the command's flags. */
  env: Environment
  /** The keys of the file that exists. */
  existing: ConfigFile
}

/** Asks which credential to use, unless there is only one. */
export async function askCredential(
  found: readonly FoundCredential[],
  { prompts, env, existing }: Wizard,
): Promise<FoundCredential> {
  const [first, ...others] = found
  if (first === undefined) throw new Error('There is no credential to select')
  if (others.length === 0) {
    prompts.info(`Credential: ${first.label} (${first.hint})`)
    return first
  }
  const profile = env['OCI_PROFILE'] || env['OCI_CLI_PROFILE'] || existing.credential?.profile ||
    'DEFAULT'
  const initial = found.find(({ credential }) => credential?.profile === profile) ?? first
  const message = 'Which credential does the gateway use?'
  const value = await prompts.select({ message, choices: found, initial: initial.value })
  return found.find((candidate) => candidate.value === value) ?? initial
}

/** Asks for the regions, in the order they are tried. */
export async function askRegions(
  { region }: Principal,
  { prompts, env, existing }: Wizard,
): Promise<string[]> {
  const initial = env['OCI_REGION'] || existing.regions?.join(', ') || region?.id || ''
  const answer = await prompts.text({
    message: 'Region of the models (several with commas are tried in order):',
    initial,
    check: (text) => checkRegions(text, env),
  })
  return regionsOf(answer).map((name) => resolveRegion(name, env).id)
}

function checkRegions(text: string, env: Environment): string | undefined {
  const names = regionsOf(text)
  if (names.length === 0) return 'Enter a region such as us-chicago-1'
  try {
    for (const name of names) resolveRegion(name, env)
    return undefined
  } catch (thrown) {
    return toApiError(thrown).message
  }
}

function regionsOf(text: string): string[] {
  return text.split(',').map((name) => name.trim()).filter((name) => name !== '')
}

/** Asks for the compartment, from a list if it can be read. A bearer key implies its own. */
export async function askCompartment(
  opened: OpenedPrincipal,
  wizard: Wizard,
): Promise<Pick<ConfigFile, 'compartmentId'>> {
  if (opened.principal.credential.scheme === 'bearer') return {}
  return { compartmentId: await chooseCompartment(opened, wizard) }
}

async function chooseCompartment(opened: OpenedPrincipal, wizard: Wizard): Promise<string> {
  const { prompts, env, existing } = wizard
  const { tenancy } = opened.principal
  const initial = env['OCI_COMPARTMENT_ID'] || existing.compartmentId || tenancy
  const compartments = prompts.isInteractive ? await readCompartments(opened, wizard) : undefined
  if (compartments === undefined || tenancy === undefined) {
    return await prompts.text({
      message: 'OCID of the compartment, by default the tenancy:',
      initial: initial ?? '',
      check: (text) => isOcid(text) ? undefined : 'It must be an OCID such as ocid1.compartment.…',
    })
  }
  const choices = compartmentChoices(compartments, tenancy, initial ?? tenancy)
  const message = 'Compartment of the requests:'
  return await prompts.select({ message, choices, initial: initial ?? tenancy })
}

/** The characters of an OCID that distinguish it for a person. */
const OCID_END = 6

function compartmentChoices(
  compartments: readonly Compartment[],
  tenancy: string,
  initial: string,
): Choice[] {
  const listed = [
    { value: tenancy, label: 'the root compartment of the tenancy' },
    ...compartments.map(({ id, path }) => ({ value: id, label: path })),
  ]
  const isListed = listed.some(({ value }) => value === initial)
  return [...isListed ? [] : [{ value: initial, label: 'the one of the configuration' }], ...listed]
    .map((choice) => ({ ...choice, hint: `…${choice.value.slice(-OCID_END)}` }))
}

/** The compartments, or `undefined` if they cannot be listed. */
async function readCompartments(
  { principal: { tenancy, region }, send }: OpenedPrincipal,
  { host, prompts, env }: Wizard,
): Promise<Compartment[] | undefined> {
  const endpoint = readAddress(env, 'OCI_IDENTITY_ENDPOINT') ?? (region && identityEndpoint(region))
  if (tenancy === undefined || endpoint === undefined) return undefined
  const listing = listCompartments(
    { send, identity: endpoint, tenancy },
    { signal: host.signal, requestId: crypto.randomUUID() },
  )
  try {
    return await whilePending(host, 'Listing the compartments', listing)
  } catch (thrown) {
    host.signal.throwIfAborted()
    prompts.warn(`The compartments cannot be listed: ${toApiError(thrown).message}`)
    return undefined
  }
}

/** The answer for a gateway that other machines reach, and the one for this machine only. */
const NETWORK = 'network'
const LOCAL = 'local'

/** Asks who calls the gateway. Other machines need an API key, which is generated. */
export async function askAccess(
  { prompts, existing }: Wizard,
): Promise<Pick<ConfigFile, 'host' | 'access'>> {
  const { host = '127.0.0.1', access } = existing
  const wasExposed = !isLoopback(host)
  const answer = await prompts.select({
    message: 'Who calls the gateway?',
    choices: [
      { value: LOCAL, label: 'programs on this machine', hint: 'no API key needed' },
      { value: NETWORK, label: 'other machines too', hint: 'with an API key' },
    ],
    initial: wasExposed ? NETWORK : LOCAL,
  })
  if (answer === LOCAL) return wasExposed ? { host: '127.0.0.1' } : {}
  const apiKeys = access?.apiKeys?.length ? access.apiKeys : [generateKey()]
  return { host: wasExposed ? host : '0.0.0.0', access: { ...access, apiKeys } }
}

function generateKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `sk-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The names that clients of OpenAI and Anthropic are configured with. */
const CLIENT_NAMES = ['gpt-4*', 'gpt-5*', 'claude-*']
/** Models that serve coding agents well, the first available one by default. */
const PREFERRED = ['xai.grok-4.3', 'openai.gpt-oss-120b', 'google.gemini-2.5-pro']
const NO_ALIASES = ''

/** Asks for the model that answers under well-known names. */
export async function askAliases(
  models: readonly ListedModel[],
  { prompts, existing: { aliases = {} } }: Wizard,
): Promise<Readonly<Record<string, string>>> {
  const names = models
    .filter(({ tasks, retired, aliasOf }) => tasks.includes('chat') && !retired && !aliasOf)
    .map(({ id }) => id)
  const current = CLIENT_NAMES.map((name) => aliases[name]).find((model) => model !== undefined)
  const withTools = models.find(({ id, profile }) => names.includes(id) && profile.tools)?.id
  const initial = current ?? PREFERRED.find((name) => names.includes(name)) ?? withTools
  const model = await prompts.select({
    message: `Which model answers clients that request ${CLIENT_NAMES.join(', ')}?`,
    choices: [
      ...Array.from(new Set([initial ?? NO_ALIASES, ...names]), (value) => ({
        ...{ value, label: value },
      })).filter(({ value }) => value !== NO_ALIASES),
      { value: NO_ALIASES, label: "none: clients request OCI's names" },
    ],
    initial: initial ?? NO_ALIASES,
  })
  const others = Object.entries(aliases).filter(([name]) => !CLIENT_NAMES.includes(name))
  const chosen = model === NO_ALIASES ? [] : CLIENT_NAMES.map((name) => [name, model] as const)
  return Object.fromEntries([...others, ...chosen])
}
