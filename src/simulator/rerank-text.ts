import type { Action } from './action.ts'
import type { Directives } from './directives.ts'
import { tooLong } from './families/cohere/limit-rules.ts'
import { badRequest, type ServiceError } from './service-error.ts'
import { type ResolvedModel, resolveModel, type ServingMode } from './resolve-model.ts'
import { countTokens } from './text-tokens.ts'

/** The body of `rerankText`. */
interface RerankTextDetails {
  compartmentId: string
  servingMode: ServingMode
  input: string
  documents: readonly string[]
  topN?: number
  isEcho?: boolean
  maxChunksPerDocument?: number
  maxTokensPerDocument?: number
}

const MAX_DOCUMENTS = 1_000

/** A query with up to so many documents is one search unit. */
const SEARCH_UNIT_DOCUMENTS = 100

/** `POST /20231130/actions/rerankText` */
export const RERANK_TEXT: Action<RerankTextDetails, ResolvedModel> = {
  details: 'RerankTextDetails',
  findTarget: ({ servingMode }, host, now) => resolveModel(servingMode, 'TEXT_RERANK', host, now),
  textOf: ({ input }) => input,
  validate,
  useOf: ({ documents }) => ({ searchUnits: Math.ceil(documents.length / SEARCH_UNIT_DOCUMENTS) }),
  answer,
}

function validate(details: RerankTextDetails, { model }: ResolvedModel): ServiceError | undefined {
  const { input, documents } = details
  if (input === '') return badRequest('invalid request: query must not be empty')
  if (documents.length === 0) return badRequest('invalid request: list of documents is empty')
  if (documents.length > MAX_DOCUMENTS) {
    return badRequest(
      `invalid request: list of documents must not contain more than ${MAX_DOCUMENTS} elements`,
    )
  }
  const empty = documents.indexOf('')
  if (empty >= 0) return badRequest(`invalid request: document at index ${empty} cannot be empty`)
  const tooSmall = (['topN', 'maxChunksPerDocument', 'maxTokensPerDocument'] as const)
    .find((name) => (details[name] ?? 1) < 1)
  if (tooSmall !== undefined) return badRequest(`invalid request: ${tooSmall} must be at least 1`)
  const tokens = countTokens(input)
  return tokens > model.contextWindow ? tooLong(tokens, model) : undefined
}

function answer(
  { input, documents, topN = documents.length, isEcho }: RerankTextDetails,
  { model, requestedId }: ResolvedModel,
  directives: Directives,
): object {
  const queryWords = wordsOf(input)
  const ranks = documents
    .map((text, index) => ({ index, text, relevanceScore: scoreOf(queryWords, wordsOf(text)) }))
    .sort((one, other) => other.relevanceScore - one.relevanceScore)
    .slice(0, topN)
  return {
    id: crypto.randomUUID(),
    modelId: requestedId,
    modelVersion: model.name.includes('v4') ? '4.0' : '3.5',
    documentRanks: ranks.map(({ index, text, relevanceScore }) => ({
      index,
      relevanceScore,
      ...(isEcho === true ? { document: directives.has('document-text') ? text : { text } } : {}),
    })),
  }
}

/** The share of the query's words that a document contains, scaled to 0.01 to 0.99. */
function scoreOf(query: ReadonlySet<string>, text: ReadonlySet<string>): number {
  const shared = query.intersection(text).size
  return Math.round((0.01 + 0.98 * shared / Math.max(1, query.size)) * 1e4) / 1e4
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\d]+/gu))
}
