import type { Modality, ModerationVerdict } from '../../../moderation/model.ts'
import type { ApplyGuardrailsResult } from './wire.ts'

/** Decodes the findings of the guardrails. */
export function decodeVerdict(
  { results, guardrailVersion }: ApplyGuardrailsResult,
): ModerationVerdict {
  const { contentModeration, personallyIdentifiableInformation, promptInjection } = results
  return {
    categories: (contentModeration?.categories ?? []).map((category) => ({
      name: category.name,
      score: category.score,
      modalities: decodeModalities(category.flaggedModalities),
    })),
    personal: personallyIdentifiableInformation ?? undefined,
    promptInjection: promptInjection
      ? {
        score: promptInjection.score,
        modalities: decodeModalities(promptInjection.flaggedModalities),
      }
      : undefined,
    version: guardrailVersion?.version,
  }
}

const MODALITIES = new Map<string, Modality>([['TEXT', 'text'], ['IMAGE', 'image']])

function decodeModalities(names: readonly string[] = []): Modality[] {
  return names.flatMap((name) => MODALITIES.get(name) ?? [])
}
