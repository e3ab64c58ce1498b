/**
 * Proof, by the compiler alone, that what we answer has the shapes of the `openai` package. Nothing
 * here runs.
 */
import type OpenAI from 'openai'
import type { TextCompletion } from '../../src/openai/completions/encode.ts'
import type { EmbeddingList } from '../../src/openai/embeddings/encode.ts'
import type { ModerationResult, Moderations } from '../../src/openai/moderations/encode.ts'

type Embeddings = OpenAI.CreateEmbeddingResponse

/** The package's types and ours are read-only. */
type Writable<T> = T extends readonly (infer Element)[] ? Writable<Element>[]
  : T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> }
  : T

type Fits<Ours, Theirs> = [Writable<Ours>] extends [Theirs] ? true : false
type AllTrue<Facts extends readonly true[]> = Facts['length']

type Floats = Omit<EmbeddingList['data'][number], 'embedding'> & { embedding: readonly number[] }

export type Proven = AllTrue<[
  Fits<Omit<EmbeddingList, 'data'>, Omit<Embeddings, 'data'>>,
  Fits<Floats, Embeddings['data'][number]>,
  Fits<Omit<Moderations, 'results'>, Omit<OpenAI.ModerationCreateResponse, 'results'>>,
  Fits<ModerationResult['categories'], OpenAI.Moderation['categories']>,
  Fits<ModerationResult['category_scores'], OpenAI.Moderation['category_scores']>,
  Fits<
    Record<keyof ModerationResult['category_applied_input_types'], 'text'[]>,
    OpenAI.Moderation['category_applied_input_types']
  >,
  Fits<Omit<TextCompletion, 'usage'>, Omit<OpenAI.Completion, 'usage'>>,
]>
