import type { EmbeddingReply, EmbeddingRequest } from '../../../embeddings/model.ts'
import { checkUpstreamCalls } from '../../../limits.ts'
import { callAction, unreadable } from '../call-action.ts'
import { type Answer, joinRequestIds } from '../../answer.ts'
import type { CallContext } from '../../call.ts'
import type { OciContext } from '../../context.ts'
import { inParallel } from '../../async/in-parallel.ts'
import type { ResolvedModel } from '../../models/resolve.ts'
import { decodeReply } from './decode.ts'
import { type EmbeddingBatch, encodeRequest } from './encode.ts'
import { EmbedTextResult } from './wire.ts'

/** Calls of one request that are under way at once. */
const AT_ONCE = 4

/** A vector for each input, in as many calls as it takes. */
export async function embed(
  request: EmbeddingRequest,
  known: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<EmbeddingReply>> {
  const batches = encodeRequest(request, known)
  checkUpstreamCalls(batches.length, 'input', oci.limits)
  const answers = await inParallel(
    batches,
    AT_ONCE,
    call.signal,
    (batch, signal) => embedBatch(batch, known, oci, { ...call, signal }),
  )
  return {
    value: { vectors: inOrder(batches, answers), usage: sumUsage(answers) },
    opcRequestId: joinRequestIds(answers),
    warnings: [],
  }
}

async function embedBatch(
  { body, positions }: EmbeddingBatch,
  { model, profile }: ResolvedModel,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<EmbeddingReply>> {
  const answer = await callAction(
    {
      name: 'embedText',
      body,
      answer: EmbedTextResult,
      model,
      contextWindow: profile.contextWindow,
    },
    oci,
    call,
  )
  const value = decodeReply(answer.value, positions.length)
  if (!value) throw unreadable(answer.opcRequestId)
  return { ...answer, value }
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
