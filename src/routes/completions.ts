import { type Context, Hono } from 'hono'
import { concatenateStreams, joinReplies } from '../chat/join.ts'
import { checkUpstreamCalls } from '../limits.ts'
import type { GatewayEnvironment } from '../middleware/environment.ts'
import { replyHeaders } from '../middleware/reply-headers.ts'
import { type Answer, joinAnswers } from '../oci/answer.ts'
import { inParallel } from '../oci/async/in-parallel.ts'
import type { ReplyIdentity } from '../openai/chat/wire.ts'
import { type DecodedCompletions, decodeRequest } from '../openai/completions/decode.ts'
import { createStreamEncoder } from '../openai/completions/encode-stream.ts'
import { type Echo, encodeReply } from '../openai/completions/encode.ts'
import { CompletionsRequest } from '../openai/completions/schema.ts'
import { callContext } from './call-context.ts'
import type { RouteContext } from './context.ts'
import { abortWithClient } from './abort-with-client.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordAnswer } from './record-usage.ts'
import { readJson } from './read-json.ts'
import { streamAnswer } from './stream-answer.ts'
import { unknownMembers } from './unknown-members.ts'

/** Prompts of one request that are answered at once. */
const AT_ONCE = 4

/** `POST /completions`: OpenAI's older way to complete a text, answered as a chat. */
export function completions(context: RouteContext): Hono<GatewayEnvironment> {
  return new Hono<GatewayEnvironment>()
    .post('/completions', async (c) => {
      const body = await readJson(c, CompletionsRequest, context)
      c.get('log')['model'] = body.model.slice(0, 200)
      c.get('log')['stream'] = body.stream
      const { warnings, ...decoded } = decodeRequest(body)
      // Most models give one answer for each call.
      checkUpstreamCalls(decoded.prompts.length * (body.n ?? 1), 'prompt', context.limits)
      const told = [...unknownMembers(body, CompletionsRequest), ...warnings]
      const answer = body.stream ? answerStreamed : answerWhole
      return await answer(c, body, { ...decoded, warnings: told }, context)
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
  const answers = await inParallel(
    requests,
    AT_ONCE,
    call.signal,
    (request, signal) => oci.chat(request, { ...call, signal }),
  )
  const answer = joinAnswers(
    answers,
    joinReplies(answers.map(({ value }) => value), body.n ?? 1),
  )
  recordAnswer(c, answer.opcRequestId, answer.value.usage)
  return c.json(
    encodeReply(answer.value, replyIdentity(body, answer, platform), echoOf(body, prompts)),
    200,
    replyHeaders({ ...answer, warnings: [...warnings, ...answer.warnings] }),
  )
}

/** Several prompts are answered one after the other: who reads a stream waits for its beginning. */
async function answerStreamed(
  c: Context<GatewayEnvironment>,
  body: CompletionsRequest,
  { requests: [first, ...rest], prompts, warnings }: DecodedCompletions,
  { oci, platform, heartbeat, total }: RouteContext,
): Promise<Response> {
  const abort = abortWithClient(c, total)
  const call = callContext(c, abort)
  const answer = await oci.streamChat(first, call)
  const others = rest.map((request) => async () => (await oci.streamChat(request, call)).value)
  const each = body.n ?? 1
  const encoder = createStreamEncoder(replyIdentity(body, answer, platform), {
    includeUsage: body.stream_options?.include_usage ?? false,
    echo: echoOf(body, prompts),
    choices: prompts.length * each,
  })
  const joined = {
    ...answer,
    value: others.length === 0 ? answer.value : concatenateStreams(answer.value, others, each),
    warnings: [...warnings, ...answer.warnings],
  }
  return streamAnswer(c, joined, { encoder, abort, heartbeat })
}

function echoOf({ echo, n }: CompletionsRequest, prompts: readonly string[]): Echo {
  return (choice) => echo ? prompts[Math.floor(choice / (n ?? 1))] ?? '' : ''
}

function replyIdentity(
  body: CompletionsRequest,
  { fallback }: Pick<Answer<unknown>, 'fallback'>,
  platform: RouteContext['platform'],
): ReplyIdentity {
  return {
    id: `cmpl-${platform.randomId()}`,
    created: Math.floor(platform.now() / 1000),
    model: fallback ?? body.model,
  }
}
