import { CATALOGUE } from '../src/oci/models/catalogue.ts'
import { type ModelProfile, modelProfile } from '../src/oci/models/profiles.ts'
import { withSection } from './generated-section.ts'

/** A page with the table of families made anew. */
export function withFamilies(page: string): string {
  return withSection(page, 'families', renderFamilies())
}

/** What works on each chat model of the catalogue, those that are alike in one row. */
function renderFamilies(): string {
  const models = CATALOGUE.filter((id) => !/\.(embed|rerank)/.test(id))
  const rows = Map.groupBy(models, (id) => renderRow(modelProfile(id)))
  return [
    '| models | format | context | output | takes | tools | reasoning | JSON schema |',
    '|---|---|--:|--:|---|---|---|---|',
    ...[...rows].map(([row, ids]) => `| ${ids.map((id) => `\`${id}\``).join('<br>')} | ${row} |`),
    '',
  ].join('\n')
}

function renderRow(profile: ModelProfile): string {
  return [
    profile.format,
    profile.contextWindow?.toLocaleString('en') ?? '?',
    // What is only a default says nothing of how much more there may be.
    profile.maxOutputTokens?.toLocaleString('en') ?? '?',
    profile.inputs.join(', '),
    renderTools(profile),
    renderReasoning(profile),
    profile.jsonSchema === 'native' ? 'yes' : 'in the prompt',
  ].join(' | ')
}

function renderTools({ tools, parallelToolCalls }: ModelProfile): string {
  if (!tools) return 'no'
  return parallelToolCalls === 'grouped' ? 'parallel' : 'parallel, sent one per turn'
}

function renderReasoning({ reasoning, unsupportedParameters }: ModelProfile): string {
  if (!reasoning) return 'no'
  return unsupportedParameters.includes('reasoningEffort') ? 'yes, no effort' : 'yes'
}
