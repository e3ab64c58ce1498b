import { activeDirectives } from '../active-directives.ts'
import { answer } from '../scripted-model.ts'
import { type EventStream, planStream } from '../event-stream.ts'
import type { Exchange } from '../exchange.ts'
import { faultResponse } from '../faults.ts'
import { pause } from '../pause.ts'
import type { Answer, Prompt } from '../prompt.ts'
import { badRequest, isRefusal, type Refusal } from '../refusal.ts'
import { mergeDirectives } from '../read-directives.ts'
import { refuseByDirective } from '../refuse-by-directive.ts'
import { sendPlan } from '../send-plan.ts'
import type { Serving } from '../serving.ts'
import { noticesOf, wholeResponse } from '../whole-response.ts'
import { refuse, type World } from '../context.ts'
import { invalidRequest, openAiRefusal, openAiResponse } from './refusal.ts'
import { findServing } from './serving.ts'
import { findProblem, type Shape } from '../shape.ts'

/** What is asked, by whom it is answered, and when. */
export interface OpenAiOccasion<Request> {
  prompt: Prompt
  serving: Serving
  request: Request
  /** Seconds since the epoch. */
  created: number
  /** Letters and digits that no other answer has. */
  id: string
}

/** One of the ways to talk to a model on OpenAI's endpoint. */
export interface Operation<Request extends { model: string }> {
  shape: Shape
  /** Which of the models are not to be had in this way. */
  findModelRefusal(model: string): Refusal | undefined
  readPrompt(request: Request, model: string): Prompt
  findRefusal(request: Request, serving: Serving): Refusal | undefined
  reply(answers: readonly Answer[], occasion: OpenAiOccasion<Request>): object
  stream(
    answers: readonly Answer[],
    occasion: OpenAiOccasion<Request>,
  ): Omit<EventStream, 'delay'>
}

/** Answers a call of an operation, with all that directives do to it. */
export async function operate<Request extends { model: string }>(
  operation: Operation<Request>,
  exchange: Exchange,
  world: World,
): Promise<Response> {
  const request = readRequest<Request>(operation.shape, exchange.seen.json)
  if (isRefusal(request)) return refuse(request, world)
  const serving = findServing(request.model, exchange.url.host, world.now())
  if (isRefusal(serving)) return refuse(serving, world)
  const unfit = operation.findModelRefusal(serving.model.name)
  if (unfit) return refuse(unfit, world)
  const prompt = readActivePrompt(operation, request, serving, world)
  await pause(prompt.directives, prompt.isStream, exchange)
  const fault = faultResponse(prompt.directives)
  if (fault) return await openAiResponse(fault)
  const refusal = findRefusal(operation, request, prompt, serving)
  if (refusal) return refuse(openAiRefusal(refusal), world)
  const created = Math.floor(world.now() / 1000)
  const id = crypto.randomUUID().replaceAll('-', '')
  return reply(operation, { prompt, serving, request, created, id }, exchange, world)
}

/** A request's body once it has its shape; the caller's type has to say the same as the shape. */
export function readRequest<Request extends object>(
  shape: Shape,
  json: unknown,
): Request | Refusal {
  if (json === undefined) {
    return invalidRequest('We could not parse the JSON body of your request.', null)
  }
  const problem = findProblem(shape, json)
  if (problem) return invalidRequest(problem.message, problem.param, problem.code)
  // The shape has just been found to fit.
  return json as Request
}

function readActivePrompt<Request extends { model: string }>(
  operation: Operation<Request>,
  request: Request,
  { model, named, directives }: Serving,
  world: World,
): Prompt {
  const prompt = operation.readPrompt(request, model.name)
  const merged = mergeDirectives(directives, prompt.directives)
  return { ...prompt, directives: activeDirectives(merged, named, world.calls) }
}

function findRefusal<Request extends { model: string }>(
  operation: Operation<Request>,
  request: Request,
  prompt: Prompt,
  serving: Serving,
): Refusal | undefined {
  const { unknownDirective, directives, tokens } = prompt
  const { context } = serving.model
  if (unknownDirective !== undefined) {
    return badRequest(`Cannot read the simulator's directive: '${unknownDirective}' is not one`)
  }
  const refusal = operation.findRefusal(request, serving)
  if (refusal) return refusal
  if (directives.has('context-length')) return tooLong(context + tokens, context)
  if (tokens > context) return tooLong(tokens, context)
  return refuseByDirective(request, prompt, unsupported)
}

function tooLong(tokens: number, context: number): Refusal {
  return invalidRequest(
    `This model's maximum context length is ${context} tokens. However, your messages resulted ` +
      `in ${tokens} tokens. Please reduce the length of the messages.`,
    'messages',
    'context_length_exceeded',
  )
}

function unsupported(field: string): Refusal {
  const message = `Unsupported parameter: '${field}' is not supported with this model.`
  return invalidRequest(message, field, 'unsupported_parameter')
}

function reply<Request extends { model: string }>(
  operation: Operation<Request>,
  occasion: OpenAiOccasion<Request>,
  exchange: Exchange,
  world: World,
): Response {
  const { prompt, serving } = occasion
  const { model, named, outputCap } = serving
  const answers = answer(prompt, { model: named, reasoning: model.reasoning, outputCap })
  const notices = noticesOf(model)
  if (!prompt.isStream || prompt.directives.has('json')) {
    return wholeResponse(operation.reply(answers, occasion), prompt.directives, exchange, notices)
  }
  const stream = { ...operation.stream(answers, occasion), delay: world.eventDelay }
  const plan = planStream(stream, new Map([...prompt.directives, ['no-pad', ['']]]))
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...notices },
  })
}
