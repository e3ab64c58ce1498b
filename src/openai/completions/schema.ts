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

/** Numbers are read, too: whoever sends tokens is told what to do about it. */
const Item = v.union(
  [NonEmptyText, v.number(), v.array(v.number())],
  'must be a text or a list of texts',
)

const Items = v.pipe(v.array(Item), v.minLength(1, 'must not be empty'))
const Single = v.pipe(
  v.string('must be a text or a list of texts'),
  v.minLength(1, 'must not be empty'),
)

/** What is read of `POST /v1/completions`, the way to complete a text that came before chats. */
export const CompletionsRequest = v.looseObject({
  ...{ model, stream, stream_options, max_tokens, temperature, top_p, frequency_penalty },
  ...{ presence_penalty, seed, stop, n, logit_bias },
  prompt: v.lazy((prompt) => Array.isArray(prompt) ? Items : Single),
  suffix: v.nullish(v.string()),
  echo: v.nullish(v.boolean(), false),
  best_of: v.nullish(Whole),
  /** A count, where chats have a switch and a count. */
  logprobs,
})
export type CompletionsRequest = v.InferOutput<typeof CompletionsRequest>
