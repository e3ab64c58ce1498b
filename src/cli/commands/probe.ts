import { CAPABILITIES_FILE, capabilitiesPath } from '../../config/capabilities.ts'
import { withCredential } from '../../config/environment.ts'
import { readConfig } from '../../config/read.ts'
import { readConfigSource } from '../../config/source.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { ApiError } from '../../errors.ts'
import { CATALOGUE } from '../../oci/models/catalogue.ts'
import type { ModelFacts } from '../../oci/models/model-facts.ts'
import { readModelFacts } from '../../oci/models/read-models.ts'
import { controlEndpoint, inferenceEndpoint, resolveRegion } from '../../oci/regions.ts'
import type { Environment } from '../../platform.ts'
import { createPriceBook } from '../../prices/price-book.ts'
import { VERSION } from '../../version.ts'
import { refusingErrors, replaceablePath } from '../change-file.ts'
import { defineCommand } from '../command.ts'
import { withConfigFile } from '../config-file.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import type { Host } from '../host.ts'
import { openHostPrincipal } from '../open-principal.ts'
import type { Experiment } from '../probe/experiment.ts'
import { createExperiments, type Known } from '../probe/experiments.ts'
import { type Observed, withObservedErrors } from '../probe/observe.ts'
import { describeOutcomes, describePlan, toCapabilities } from '../probe/report.ts'
import {
  boundCost,
  headerOutcomes,
  type Outcome,
  type ProbeTarget,
  refusedCredential,
  runExperiment,
} from '../probe/run-experiments.ts'
import { withProgress } from '../progress.ts'
import { usageError } from '../usage-error.ts'

/** `oci-gateway probe` */
export const probe = defineCommand({
  options: {
    yes: { type: 'boolean', short: 'y', description: 'Make the calls without asking' },
    'dry-run': { type: 'boolean', description: 'Print what would be called, and its cost, only' },
    output: {
      ...{ type: 'string', value: 'PATH', completes: 'file' },
      description: `File to write. Default: ${CAPABILITIES_FILE} beside the configuration file`,
    },
    json: { type: 'boolean', description: 'Print the content of the file' },
    ...CONNECTION_FLAGS,
  },
  examples: [
    { line: 'probe --dry-run', does: 'what it would call, and the most that it costs' },
    { line: 'probe', does: `find out how OCI behaves here, and write ${CAPABILITIES_FILE}` },
    { line: 'probe --yes --json', does: 'the same in a script' },
  ],
  exitCodes: { [EXIT.failure]: 'an error occurred, or a question could not be settled' },
  async run({ values, host }) {
    const env = await withConfigFile(withFlags(host.env, values), host)
    const { target, experiments, deprecated } = await withProgress(
      host,
      'Reading the models of OCI',
      () => openProbe(host, env),
    )
    const bound = boundCost(experiments, createPriceBook([]))
    host.stderr.write(describePlan(experiments, bound))
    if (values['dry-run']) return EXIT.success
    const path = values.output ?? capabilitiesPath(env)
    await replaceablePath(host.files, path)
    if (!values.yes) await confirm(host)
    const settled = await runAll(experiments, target, host)
    const outcomes = [...settled, ...headerOutcomes(target.observed, deprecated, settled)]
    const createdAt = new Date(host.now()).toISOString()
    const capabilities = toCapabilities(outcomes, { gateway: VERSION, createdAt })
    const text = `${JSON.stringify(capabilities, null, 2)}\n`
    // The calls have cost money: a file that cannot be written must not lose their outcome.
    const calls = outcomes.reduce((sum, outcome) => sum + outcome.calls, 0)
    host.stdout.write(values.json ? text : describeOutcomes(capabilities, calls))
    const bytes = new TextEncoder().encode(text)
    await refusingErrors(path, () => host.files.writeBytes(path, bytes))
    host.stderr.write(`Written: ${path}. The gateway reads it when it starts or reloads\n`)
    return outcomes.every(({ finding }) => finding) ? EXIT.success : EXIT.failure
  },
})

async function confirm(host: Host): Promise<void> {
  if (!host.stdin.isTerminal || !host.stderr.isTerminal) {
    throw usageError('probe calls OCI: add --yes, or --dry-run to see what it would call')
  }
  const prompts = await host.openPrompts()
  if (await prompts.confirm({ message: 'Make these calls?', initial: true })) return
  throw new ApiError('client_closed', 'Cancelled')
}

/** Opens the credential and selects the experiments for the models of the region. */
async function openProbe(
  host: Host,
  env: Environment,
): Promise<{ target: ProbeTarget; experiments: Experiment[] } & Pick<Known, 'deprecated'>> {
  const config = readConfig(env, await readConfigSource(env, host.files), { requireKeys: false })
  const environment = withCredential(env, config.credential)
  const observed: Observed = { errorShape: '', headers: new Map() }
  const observing = { ...host, fetch: withObservedErrors(host.fetch, observed) }
  const { principal, send } = await openHostPrincipal(observing, environment, {
    nativeBearer: true,
  })
  const [configured] = config.regions
  const region = configured === undefined
    ? principal.region
    : resolveRegion(configured, environment)
  if (!region) throw undetermined('region', '--region')
  const compartmentId = config.compartmentId ?? principal.tenancy
  if (compartmentId === undefined) throw undetermined('compartment', '--compartment-id')
  const { signal } = host
  const control = config.controlEndpoint ?? controlEndpoint(region)
  const isBearer = principal.credential.scheme === 'bearer'
  const models = await readModelFacts(
    {
      ...{ send, control, compartmentId, region: region.id },
      ...{ platform: { now: host.now }, timeouts: { idle: 10_000 } },
    },
    { signal, requestId: crypto.randomUUID() },
  ).catch((): undefined => undefined)
  signal.throwIfAborted()
  const listed = models?.map(({ id }) => id) ?? CATALOGUE
  const deprecated = deprecatedAmong(models ?? [], host.now())
  const inference = config.inferenceEndpoint ?? inferenceEndpoint(region)
  return {
    target: { send, inference, compartmentId, signal, observed },
    experiments: createExperiments(new Set(listed), { isBearer, deprecated }),
    deprecated,
  }
}

/** Models that announce their end in each answer. */
function deprecatedAmong(models: readonly ModelFacts[], now: number): Set<string> {
  const isPast = (date: number | undefined) => date !== undefined && date * 1000 <= now
  const announced = models.filter(({ deprecatedAt, onDemandUntil }) =>
    isPast(deprecatedAt) && !isPast(onDemandUntil)
  )
  return new Set(announced.map(({ id }) => id))
}

function undetermined(name: string, flag: string): ApiError {
  return new ApiError('configuration_error', `The credential does not say its ${name}. Use ${flag}`)
}

/** One after another. A key that may not call native actions is asked nothing else. */
async function runAll(
  experiments: readonly Experiment[],
  target: ProbeTarget,
  host: Host,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const tokenFields = new Map<string, string>()
  await withProgress(host, 'Asking OCI', async ({ update }) => {
    for (const experiment of experiments) {
      update(`Asking ${experiment.model}`, outcomes.length / experiments.length)
      const outcome = await runExperiment(experiment, {
        ...target,
        tokenField: tokenFields.get(experiment.model),
      })
      for (const { tokenField } of Object.values(outcome.finding?.models ?? {})) {
        if (tokenField) tokenFields.set(experiment.model, tokenField)
      }
      const refused = refusedCredential(outcome)
      if (refused) throw refused
      outcomes.push(outcome)
      if (outcome.finding?.nativeBearer === false) return
    }
  })
  return outcomes
}
