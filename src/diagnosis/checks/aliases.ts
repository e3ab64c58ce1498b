import { configPath } from '../../config/source.ts'
import { exportCommand, quoteForShell } from '../../causes/shell.ts'
import { type Config, DEFAULT_ALIASES } from '../../config/read.ts'
import { nearestNames } from '../../nearest-names.ts'
import type { ListedModel } from '../../oci/models/list.ts'
import { ocidKind, ocidRegion } from '../../oci/models/ocid.ts'
import { regionNamed } from '../../oci/regions.ts'
import { attempt, fail, type Finding, ok, skip } from '../finding.ts'
import { listOtherRegions, nearestRegion, regionsOffering } from '../other-regions.ts'
import type { Session } from '../session.ts'
import { hasStatus } from './call-failure.ts'

/** Aliases that the operator has defined, not the built-in ones. */
export function ownAliases({ aliases }: Config): readonly (readonly [string, string])[] {
  const builtIn = Object.entries(DEFAULT_ALIASES)
  return [...aliases].filter(([alias, model]) =>
    !builtIn.some(([name, target]) => name === alias && target === model)
  )
}

/** Whether the region serves the models of aliases and fallbacks. */
export async function checkAliases(session: Session): Promise<Finding> {
  const settings = await session.settings()
  if (settings.type === 'failed') return skip('needs the configuration')
  const named = namedModels(settings.value.config)
  if (named.length === 0) return ok('none of your own')
  const models = await session.models()
  if (models.type === 'failed') return skip('needs the list of models')
  for (const { setting, model } of named) {
    const problem = await checkModel(model, setting, models.value, session)
    if (problem) return problem
  }
  return ok(`${named.length} models are served`)
}

function namedModels(config: Config): { setting: string; model: string }[] {
  const aliases = ownAliases(config)
    .map(([alias, model]) => ({ setting: `the alias "${alias}"`, model }))
  const fallbacks = [...config.fallbacks].flatMap(([name, models]) =>
    models.map((model) => ({ setting: `the fallback of "${name}"`, model }))
  )
  return [...aliases, ...fallbacks]
}

async function checkModel(
  model: string,
  setting: string,
  models: readonly ListedModel[],
  session: Session,
): Promise<Finding | undefined> {
  if (ocidKind(model) !== undefined) return checkOcid(model, setting, session)
  const listed = models.find(({ id }) => id === model)
  if (listed !== undefined && !listed.retired) return undefined
  if (listed === undefined && await answers(model, session)) return undefined
  return await explainModel(model, setting, session)
}

/** The gateway calls the region that an OCID names, unless the credential is of one region only. */
async function checkOcid(
  ocid: string,
  setting: string,
  session: Session,
): Promise<Finding | undefined> {
  const [own, other] = [await session.region(), ocidRegion(ocid)]
  const selected = await session.selection()
  if (own === undefined || other === undefined || selected.type === 'failed') return undefined
  const named = regionNamed(other, [own], session.machine.env)
  const isRegional = selected.value.kind === 'genai_api_key'
  if (named && (!isRegional || named.id === own.id)) return undefined
  const values = { setting, model: ocid, regions: named?.id ?? other, region: own.id }
  return fail('model_in_other_region', { ...values, nearest: named?.id ?? other })
}

/** Some models are served and not listed, such as those of limited access. Only a call shows it. */
async function answers(model: string, { options, chat }: Session): Promise<boolean> {
  if (!options.callsModel || /\.(?:embed|rerank)-/.test(model)) return false
  const made = await chat(model)
  return made.type === 'done' || !hasStatus(made.error, 404)
}

/** Explains why the region does not serve a model. */
export async function explainModel(
  model: string,
  setting: string,
  session: Session,
): Promise<Finding> {
  const region = (await session.region())?.id ?? 'the region'
  const listed = await session.models()
  const models = listed.type === 'done' ? listed.value : []
  const isRetired = models.some(({ id, retired }) => id === model && retired)
  const served = models.filter(({ retired }) => !retired)
  const change = changeModel(model, replacementOf(model, served), session)
  if (isRetired) return fail('model_retired', { setting, model, change })
  const others = await attempt(() => listOtherRegions(session))
  const regions = others.type === 'done' ? regionsOffering(model, others.value) : []
  const nearest = nearestRegion(region, regions)
  return nearest === undefined
    ? fail('model_unknown', { setting, model, region, change })
    : fail('model_in_other_region', {
      ...{ setting, model, region, nearest },
      regions: regions.join(', '),
    })
}

/** A served model for the same task: the most similar name, else one of the same vendor. */
function replacementOf(model: string, served: readonly ListedModel[]): string {
  const task = /\.embed-/.test(model) ? 'embeddings' : /\.rerank/.test(model) ? 'rerank' : 'chat'
  const fitting = served.filter(({ tasks }) => tasks.includes(task)).map(({ id }) => id)
  const [vendor = ''] = model.split('.')
  return nearestNames(model, fitting)[0] ??
    fitting.find((id) => id.startsWith(`${vendor}.`)) ?? fitting[0] ?? 'openai.gpt-oss-120b'
}

/** The command that replaces a model where it is configured. */
function changeModel(model: string, replacement: string, { machine, options }: Session): string {
  if (options.model === model) return `oci-gateway doctor --model ${quoteForShell(replacement)}`
  const map = machine.env['MODEL_MAP'] ?? ''
  if (map.includes(JSON.stringify(model))) {
    const changed = map.replaceAll(JSON.stringify(model), JSON.stringify(replacement))
    return exportCommand('MODEL_MAP', changed.trim())
  }
  const path = configPath(machine.env) ?? 'gateway.config.json'
  const pattern = model.replaceAll(/[.\\/]/g, '\\$&')
  return `perl -pi -e 's/"${pattern}"/"${replacement}"/' ${quoteForShell(path)}`
}
