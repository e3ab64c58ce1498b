import type { CategoryScore, Modality, ModerationVerdict } from '../../moderation/model.ts'

/** OpenAI's response, with OCI's findings beside each result. */
export interface Moderations {
  id: string
  model: string
  results: ModerationResult[]
}

export interface ModerationResult {
  flagged: boolean
  categories: Record<Category, boolean>
  category_scores: Record<Category, number>
  category_applied_input_types: Record<Category, Modality[]>
  /** OCI's own result, without what it did not check. */
  oci: object
}

const CATEGORIES = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/instructions',
  'self-harm/intent',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const
type Category = (typeof CATEGORIES)[number]

/**
 * OpenAI's categories of OCI's categories. OCI's current two, `OVERALL` (offensive or harmful) and
 * `BLOCKLIST` (a word on OCI's list), have no counterpart and set only `flagged`.
 */
const COUNTERPARTS = new Map<string, Category>([
  ['HARASSMENT', 'harassment'],
  ['HATE', 'hate'],
  ['ILLICIT', 'illicit'],
  ['SELF_HARM', 'self-harm'],
  ['SEXUAL', 'sexual'],
  ['VIOLENCE', 'violence'],
])

/** Scores from this value on are flagged. OCI's are 0 or 1. */
const FLAGGED_FROM = 0.5

/** Encodes a result for each verdict. */
export function encodeReply(
  verdicts: readonly ModerationVerdict[],
  identity: { id: string; model: string },
): Moderations {
  return { ...identity, results: verdicts.map(encodeVerdict) }
}

/** Any flagged category of OCI's sets `flagged`. Prompt injections and personal data do not. */
function encodeVerdict(verdict: ModerationVerdict): ModerationResult {
  const scores = new Map(verdict.categories.flatMap((score) => {
    const category = COUNTERPARTS.get(score.name.toUpperCase())
    return category ? [[category, score] as const] : []
  }))
  return {
    flagged: verdict.categories.some(isFlagged),
    categories: eachCategory((category) => isFlagged(scores.get(category))),
    category_scores: eachCategory((category) => scores.get(category)?.score ?? 0),
    category_applied_input_types: eachCategory((category) => modalitiesOf(scores.get(category))),
    oci: encodeFindings(verdict),
  }
}

function isFlagged(score: CategoryScore | undefined): boolean {
  return (score?.score ?? 0) >= FLAGGED_FROM
}

/** OCI reports no modalities for a single text. */
function modalitiesOf(score: CategoryScore | undefined): Modality[] {
  if (!score) return []
  return score.modalities.length > 0 ? [...score.modalities] : ['text']
}

function eachCategory<T>(read: (category: Category) => T): Record<Category, T> {
  const entries = CATEGORIES.map((category) => [category, read(category)] as const)
  // Object.fromEntries() loses the type of the keys.
  return Object.fromEntries(entries) as Record<Category, T>
}

/** The findings, in the form of OCI's response. */
function encodeFindings(verdict: ModerationVerdict): object {
  const { categories, personal, promptInjection, version } = verdict
  return {
    contentModeration: { categories: categories.map(encodeScore) },
    ...(personal && { personallyIdentifiableInformation: personal }),
    ...(promptInjection && { promptInjection: encodeScore(promptInjection) }),
    ...(version !== undefined && { guardrailVersion: { version } }),
  }
}

function encodeScore<T extends { modalities: readonly Modality[] }>(
  { modalities, ...score }: T,
): object {
  const flaggedModalities = modalities.map((modality) => modality.toUpperCase())
  return { ...score, ...(modalities.length > 0 && { flaggedModalities }) }
}
