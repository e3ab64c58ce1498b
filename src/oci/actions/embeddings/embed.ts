import type { EmbeddingReply, EmbeddingRequest } from '../../../embeddings/model.ts'
import { checkUpstreamCalls } from '../../../limits.ts'
import { callAction, unexpectedResponse } from '../call-action.ts'
import { type Answer, joinAnswers } from '../../answer.ts'
import { type CallContext, createTrace, type Prompt } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { inParallel } from '../../async/in-parallel.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { decodeReply } from './decode.ts'
import { type EmbeddingBatch, encodeRequest } from './encode.ts'
import { EmbedTextResult } from './wire.ts'

/** Concurrent calls of one request. */
const MAX_CONCURRENT_CALLS = 4

/** Embeds each input, in several calls if necessary. Vectors are in the order of the inputs. */
export async function embed(
  request: EmbeddingRequest,
  model: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<EmbeddingReply>> {
  const batches = encodeRequest(request, model)
  checkUpstreamCalls(batches.length, 'input', oci.limits)
  const { trace = createTrace() } = call
  call.meter?.announce(batches.map(({ body }) => promptOf(body)))
  const answers = await inParallel(
    batches,
    MAX_CONCURRENT_CALLS,
    call.signal,
    // Each batch has retries of its own.
    (batch, signal) => embedBatch(batch, model, oci, { ...call, signal, trace: { ...trace } }),
  )
  const value = { vectors: inOrder(batches, answers), usage: sumUsage(answers) }
  return joinAnswers(answers, value, trace.attempts)
}

async function embedBatch(
  { body, positions }: EmbeddingBatch,
  { model, name, profile }: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<EmbeddingReply>> {
  const encoding = body.embeddingTypes ? 'base64' : 'float'
  const planned = { model: name ?? model, endpoint: 'native', prompt: promptOf(body) } as const
  const reserved = await call.meter?.reserve({ ...planned, calls: 1, answers: 0 })
  const answer = await callAction(
    {
      name: 'embedText',
      body,
      response: EmbedTextResult,
      model,
      contextWindow: profile.contextWindow,
      reserved,
      countsOf: (result) => decodeReply(result, positions.length, encoding)?.usage,
    },
    oci,
    call,
  )
  const value = decodeReply(answer.value, positions.length, encoding)
  if (!value) throw unexpectedResponse(answer.opcRequestId)
  return { ...answer, value }
}

/** Some models take images as inputs, others in a member of their own. */
function promptOf({ inputs = [], embedContents, inputType }: EmbeddingBatch['body']): Prompt {
  const isImage = inputType === 'IMAGE'
  return {
    type: 'texts',
    texts: isImage ? [] : inputs,
    images: (isImage ? inputs.length : 0) + (embedContents?.length ?? 0),
  }
}

type Answers = readonly Answer<EmbeddingReply>[]

function inOrder(batches: readonly EmbeddingBatch[], answers: Answers): EmbeddingReply['vectors'] {
  const vectors = answers.flatMap(({ value }) => value.vectors)
  return batches.flatMap(({ positions }) => positions)
    .map((position, index) => ({ position, vector: vectors[index] ?? [] }))
    .sort((one, other) => one.position - other.position)
    .map(({ vector }) => vector)
}

function sumUsage(answers: Answers): EmbeddingReply['usage'] {
  const counts = answers.flatMap(({ value }) => value.usage ?? [])
  if (counts.length === 0) return undefined
  return {
    prompt: counts.reduce((sum, { prompt }) => sum + prompt, 0),
    total: counts.reduce((sum, { total }) => sum + total, 0),
  }
}
