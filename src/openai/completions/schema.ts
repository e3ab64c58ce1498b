import * as v from 'valibot'
import { NonEmptyText, Whole } from '../../request-fields.ts'
import { ChatCompletionRequest } from '../chat/schema.ts'

const {
  model,
  stream,
  stream_options,
  max_tokens,
  temperature,
  top_p,
  frequency_penalty,
  presence_penalty,
  seed,
  stop,
  n,
  top_logprobs: logprobs,
  logit_bias,
} = ChatCompletionRequest.entries

/** Accepts tokens as well, so that the decoder can reject them with advice. */
const Item = v.union(
  [NonEmptyText, v.number(), v.array(v.number())],
  'must be a string or a list of strings',
)

const Items = v.pipe(v.array(Item), v.minLength(1, 'must not be empty'))
const Single = v.pipe(
  v.string('must be a string or a list of strings'),
  v.minLength(1, 'must not be empty'),
)

/** The members of `POST /v1/completions` that are read: OpenAI's API before chats. */
export const CompletionsRequest = v.looseObject({
  ...{ model, stream, stream_options, max_tokens, temperature, top_p, frequency_penalty },
  ...{ presence_penalty, seed, stop, n, logit_bias },
  prompt: v.lazy((prompt) => Array.isArray(prompt) ? Items : Single),
  suffix: v.nullish(v.string()),
  echo: v.nullish(v.boolean(), false),
  best_of: v.nullish(Whole),
  /** A count; chats have a boolean and a count. */
  logprobs,
})
export type CompletionsRequest = v.InferOutput<typeof CompletionsRequest>
