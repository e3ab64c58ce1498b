import { CATALOGUE } from '../src/oci/models/catalogue.ts'
import { type ModelProfile, modelProfile } from '../src/oci/models/profiles.ts'
import { withSection } from './generated-section.ts'

/** Replaces the table of model families in a page. */
export function withFamilies(page: string): string {
  return withSection(page, 'families', renderFamilies())
}

/** Renders the capabilities of each chat model of the catalogue; models with the same ones share a row. */
function renderFamilies(): string {
  const models = CATALOGUE.filter((id) => !/\.(embed|rerank)/.test(id))
  const rows = Map.groupBy(models, (id) => renderRow(modelProfile(id)))
  return [
    '| models | format | context window | max output tokens | input | tools | reasoning | JSON schema |',
    '|---|---|--:|--:|---|---|---|---|',
    ...[...rows].map(([row, ids]) => `| ${ids.map((id) => `\`${id}\``).join('<br>')} | ${row} |`),
    '',
  ].join('\n')
}

function renderRow(profile: ModelProfile): string {
  return [
    profile.format,
    profile.contextWindow?.toLocaleString('en') ?? 'unknown',
    // A default limit is left out, because the maximum may be higher.
    profile.maxOutputTokens?.toLocaleString('en') ?? 'unknown',
    profile.inputs.join(', '),
    renderTools(profile),
    renderReasoning(profile),
    profile.jsonSchema === 'native' ? 'yes' : 'in the prompt',
  ].join(' | ')
}

function renderTools({ tools, parallelToolCalls }: ModelProfile): string {
  if (!tools) return 'no'
  return parallelToolCalls === 'grouped' ? 'parallel' : 'parallel, sent one per message'
}

function renderReasoning(profile: ModelProfile): string {
  const { reasoning, reasoningEfforts = [], unsupportedParameters } = profile
  if (!reasoning) return 'no'
  if (unsupportedParameters.includes('reasoningEffort')) return 'yes, without effort'
  return reasoningEfforts.length > 0 ? reasoningEfforts.join(', ') : 'yes'
}
