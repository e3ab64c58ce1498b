import { CREDENTIAL_VARIABLES } from '../../config/environment.ts'
import type { ConfigFile } from '../../config/schema.ts'
import { CONFIG_VARIABLE } from '../../config/source.ts'
import type { Gateway } from '../../entry/gateway.ts'
import { toApiError } from '../../errors.ts'
import type { ListedModel } from '../../oci/models/list.ts'
import type { Environment } from '../../platform.ts'
import { CONFIG_FILE } from '../config-file.ts'
import { PROGRAM } from '../help.ts'
import { openHostGateway } from '../open-gateway.ts'
import { openHostPrincipal } from '../open-principal.ts'
import { whilePending } from '../progress.ts'
import {
  askAccess,
  askAliases,
  askCompartment,
  askCredential,
  askRegions,
  type Wizard,
} from './ask.ts'
import { type ConfigMember, editConfig } from './edit-config.ts'
import { findCredentials, type FoundCredential } from './find-credentials.ts'
import { testCall } from './test-call.ts'
import { writeWithBackup, type WrittenFile } from './write-config.ts'

export interface WizardRun extends Wizard {
  /** The text of the file that is edited; `undefined` for a new one. */
  text: string | undefined
}

/**
 * Asks all questions, makes a test call and writes the file. Resolves with `undefined` if the test
 * call fails and the person decides against writing. Nothing is written before.
 */
export async function runWizard(
  run: WizardRun,
  { skipTest }: { skipTest: boolean },
): Promise<WrittenFile | undefined> {
  const { host, prompts, text } = run
  prompts.intro(`${PROGRAM} init`)
  const chosen = await askCredential(await findCredentials(run.env, host), run)
  const wizard = selecting(chosen, run)
  const opening = openHostPrincipal(host, wizard.env)
  const opened = await whilePending(host, 'Opening the credential', opening)
  const answers: ConfigFile = {
    ...(chosen.credential && { credential: chosen.credential }),
    regions: await askRegions(opened.principal, wizard),
    ...await askCompartment(opened, wizard),
    ...await askAccess(wizard),
  }
  const gateway = await openWith(editConfig(text, membersOf(answers)), wizard)
  const models = await readModels(gateway, wizard)
  const aliases = await askAliases(models, wizard)
  const model = Object.values(aliases).at(-1) ?? models.find(({ tasks }) => tasks[0] === 'chat')?.id
  if (!skipTest && model && !await isAccepted(gateway, model, wizard)) return undefined
  const edited = editConfig(text, membersOf({ ...answers, aliases }))
  const written = await writeWithBackup(host.files, CONFIG_FILE, edited)
  report(written, answers, run)
  return written
}

/** The further questions and calls use only the chosen credential and what was set for it. */
function selecting({ credential }: FoundCredential, wizard: Wizard): Wizard {
  if (credential === undefined) return wizard
  const { existing } = wizard
  const variables = Object.values(CREDENTIAL_VARIABLES).flat()
  const unset = Object.fromEntries(variables.map((variable) => [variable, undefined]))
  const { auth, profile, configFile } = credential
  const env: Environment = {
    ...{ ...wizard.env, ...unset },
    ...{ OCI_AUTH: auth, OCI_PROFILE: profile, OCI_CONFIG_FILE: configFile },
  }
  const isOther = existing.credential !== undefined && existing.credential.profile !== profile
  const { regions: _, compartmentId: __, ...others } = existing
  return { ...wizard, env, existing: isOther ? others : existing }
}

const COMMENTS: Readonly<Record<string, string>> = {
  credential: "The OCI credential, such as a profile of OCI's configuration file.",
  regions: 'Regions of the models, in the order they are tried.',
  compartmentId: 'The compartment of the requests.',
  host: 'The address to listen on; 0.0.0.0 is reachable from other machines.',
  access: 'Who may call the gateway: clients send one of these API keys.',
  aliases: "Names that clients request, and OCI's model for each.",
}

function membersOf(file: ConfigFile): ConfigMember[] {
  return Object.entries(file)
    .filter(([, value]) => JSON.stringify(value) !== '{}')
    .map(([key, value]) => ({ key, value, comment: COMMENTS[key] ?? '' }))
}

/** Opens a gateway with the text of a configuration file that is not written yet. */
function openWith(text: string, { host, env }: Wizard): Promise<Gateway> {
  return openHostGateway(host, { ...env, [CONFIG_VARIABLE]: text }, () => {})
}

/** Milliseconds to wait for the list of models. */
const LIST_TIMEOUT = 20_000

/** The models of the tenancy, or those of the built-in list with a warning. */
async function readModels(
  { oci }: Gateway,
  { host, prompts }: Wizard,
): Promise<readonly ListedModel[]> {
  const signal = AbortSignal.any([host.signal, AbortSignal.timeout(LIST_TIMEOUT)])
  const listing = oci.listModels({ signal, requestId: crypto.randomUUID() })
  try {
    const { models, warnings } = await whilePending(host, 'Listing the models', listing)
    for (const warning of warnings) prompts.warn(warning)
    return models
  } catch (thrown) {
    host.signal.throwIfAborted()
    prompts.warn(`The models cannot be listed: ${toApiError(thrown).message}`)
    return []
  }
}

/** Makes the test call. After a failure the person decides; without one the file is written. */
async function isAccepted(
  gateway: Gateway,
  model: string,
  { host, prompts }: Wizard,
): Promise<boolean> {
  const calling = testCall(gateway, model, host)
  const result = await whilePending(host, `Waiting for an answer of ${model}`, calling)
  if (result.type === 'works') {
    prompts.info(`Test call: ${model} answered in ${result.seconds.toFixed(1)} s`)
    return true
  }
  prompts.warn(
    `The test call failed: ${result.message}\n"${PROGRAM} doctor" finds the cause`,
  )
  if (!prompts.isInteractive) return true
  return await prompts.confirm({ message: `Write ${CONFIG_FILE} anyway?`, initial: false })
}

function report(
  { file, backup, changed }: WrittenFile,
  { access }: ConfigFile,
  { prompts, host: { env } }: Wizard,
): void {
  const set = OVERRIDING.filter((variable) => env[variable]?.trim())
  if (set.length > 0) {
    prompts.warn(`Set in the environment, which takes precedence over the file: ${set.join(', ')}`)
  }
  if (access?.apiKeys) prompts.info(`API key for clients: ${access.apiKeys[0]}`)
  const previous = backup === null ? '' : `; the previous file is ${backup}`
  const result = changed ? `Wrote ${file}${previous}` : `${file} is up to date`
  prompts.outro(`${result}. Start the gateway in this folder: ${PROGRAM} serve`)
}

/** Variables that replace an answer. */
const OVERRIDING = [
  ...['OCI_REGION', 'OCI_COMPARTMENT_ID', 'MODEL_MAP', 'GATEWAY_CONFIG'],
  ...Object.values(CREDENTIAL_VARIABLES).flat(),
]
