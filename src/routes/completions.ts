import { type Context, Hono } from 'hono'
import { concatenateStreams, joinReplies } from '../chat/join.ts'
import type { ChatRequest } from '../chat/model.ts'
import { checkUpstreamCalls } from '../limits.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { joinAnswers } from '../oci/answer.ts'
import type { CallContext } from '../oci/call.ts'
import { inParallel } from '../oci/async/in-parallel.ts'
import { type DecodedCompletions, decodeRequest } from '../openai/completions/decode.ts'
import { createStreamEncoder } from '../openai/completions/encode-stream.ts'
import { type Echo, encodeReply } from '../openai/completions/encode.ts'
import { CompletionsRequest } from '../openai/completions/schema.ts'
import { answerJson } from './answer-json.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordAnswer } from './record-usage.ts'
import { readJson, unknownMembers } from './read-json.ts'
import { createReplyIdentity } from './reply-identity.ts'
import { streamAnswer } from './stream-answer.ts'

/** Maximum concurrent calls to OCI for one request. */
const MAX_CONCURRENT_CALLS = 4

/** `POST /completions`: OpenAI's legacy text completions, translated to chats. */
export function completions(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/completions', async (c) => {
      const body = await readJson(c, CompletionsRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const { warnings, ...decoded } = decodeRequest(body)
      // Most models return one choice per call.
      checkUpstreamCalls(decoded.prompts.length * (body.n ?? 1), 'prompt', context.limits)
      const allWarnings = [...unknownMembers(body, CompletionsRequest), ...warnings]
      const answer = body.stream ? answerStreamed : answerWhole
      return await answer(c, body, { ...decoded, warnings: allWarnings }, context)
    })
    .all('/completions', methodNotAllowed('POST'))
}

async function answerWhole(
  c: Context<GatewayEnvironment>,
  body: CompletionsRequest,
  { requests, prompts, warnings }: DecodedCompletions,
  { oci, platform, total }: RouteContext,
): Promise<Response> {
  const call = callContext(c, abortWithClient(c, total))
  announce(call, requests)
  const answers = await inParallel(
    requests,
    MAX_CONCURRENT_CALLS,
    call.signal,
    (request, signal) => oci.chat(request, { ...call, signal }),
  )
  const answer = joinAnswers(
    answers,
    joinReplies(answers.map(({ value }) => value), body.n ?? 1),
  )
  recordAnswer(c, answer.opcRequestId, answer.value.usage)
  const identity = createReplyIdentity(answer.fallback ?? body.model, platform, idOf)
  return answerJson(
    c,
    encodeReply(answer.value, identity, echoOf(body, prompts)),
    replyHeaders({ ...answer, warnings: [...warnings, ...answer.warnings] }),
  )
}

/** Answers several prompts one after the other, so that the first events are sent early. */
async function answerStreamed(
  c: Context<GatewayEnvironment>,
  body: CompletionsRequest,
  { requests: [first, ...rest], prompts, warnings }: DecodedCompletions,
  { oci, platform, heartbeat, total }: RouteContext,
): Promise<Response> {
  const abort = abortWithClient(c, total)
  const call = callContext(c, abort)
  announce(call, [first, ...rest])
  const answer = await oci.streamChat(first, call)
  const others = rest.map((request) => async () => (await oci.streamChat(request, call)).value)
  const choicesPerPrompt = body.n ?? 1
  const identity = createReplyIdentity(answer.fallback ?? body.model, platform, idOf)
  const encoder = createStreamEncoder(identity, {
    includeUsage: body.stream_options?.include_usage ?? false,
    echo: echoOf(body, prompts),
    choices: prompts.length * choicesPerPrompt,
  })
  const joined = {
    ...answer,
    value: others.length === 0
      ? answer.value
      : concatenateStreams(answer.value, others, choicesPerPrompt),
    warnings: [...warnings, ...answer.warnings],
  }
  return streamAnswer(c, joined, { encoder, abort, heartbeat })
}

/** All prompts are reserved before the first call. */
function announce({ meter }: CallContext, requests: readonly ChatRequest[]): void {
  meter?.announce(requests.map((request) => ({ type: 'chat', request })))
}

function echoOf({ echo, n }: CompletionsRequest, prompts: readonly string[]): Echo {
  return (choice) => echo ? prompts[Math.floor(choice / (n ?? 1))] ?? '' : ''
}

function idOf(randomId: string): string {
  return `cmpl-${randomId}`
}
