import { activeDirectives } from '../active-directives.ts'
import { answer } from '../scripted-model.ts'
import { type EventStream, planStream } from '../event-stream.ts'
import type { Exchange } from '../exchange.ts'
import { faultResponse } from '../faults.ts'
import { delayHeaders } from '../pause.ts'
import type { Answer, Prompt } from '../prompt.ts'
import { badRequest, isServiceError, type ServiceError } from '../service-error.ts'
import { mergeDirectives } from '../read-directives.ts'
import { rejectByDirective } from '../reject-by-directive.ts'
import { sendPlan } from '../send-plan.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { jsonResponse, lifecycleHeaders } from '../whole-response.ts'
import { reject, type SimulatorContext } from '../context.ts'
import { invalidRequest, toOpenAiError, toOpenAiResponse } from './error.ts'
import { resolveModel } from './resolve-model.ts'
import { findProblem, type Shape } from '../shape.ts'

/** What is asked, by whom it is answered, and when. */
export interface OpenAiReplyInput<Request> {
  prompt: Prompt
  target: ResolvedModel
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
  validateModel(model: string): ServiceError | undefined
  readPrompt(request: Request, model: string): Prompt
  validate(request: Request, target: ResolvedModel): ServiceError | undefined
  reply(answers: readonly Answer[], input: OpenAiReplyInput<Request>): object
  stream(
    answers: readonly Answer[],
    input: OpenAiReplyInput<Request>,
  ): Omit<EventStream, 'delay'>
}

/** Answers a call of an operation, with all that directives do to it. */
export async function performOperation<Request extends { model: string }>(
  operation: Operation<Request>,
  exchange: Exchange,
  context: SimulatorContext,
): Promise<Response> {
  const request = readRequest<Request>(operation.shape, exchange.received.json)
  if (isServiceError(request)) return reject(request, context)
  const target = resolveModel(request.model, exchange.url.host, context.now())
  if (isServiceError(target)) return reject(target, context)
  const unfit = operation.validateModel(target.model.name)
  if (unfit) return reject(unfit, context)
  const prompt = readActivePrompt(operation, request, target, context)
  await delayHeaders(prompt.directives, prompt.isStream, exchange)
  const fault = faultResponse(prompt.directives)
  if (fault) return await toOpenAiResponse(fault)
  const error = validate(operation, request, prompt, target)
  if (error) return reject(toOpenAiError(error), context)
  const created = Math.floor(context.now() / 1000)
  const id = crypto.randomUUID().replaceAll('-', '')
  return reply(operation, { prompt, target, request, created, id }, exchange, context)
}

/** A request's body once it has its shape; the caller's type has to say the same as the shape. */
export function readRequest<Request extends object>(
  shape: Shape,
  json: unknown,
): Request | ServiceError {
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
  { model, requestedId, directives }: ResolvedModel,
  context: SimulatorContext,
): Prompt {
  const prompt = operation.readPrompt(request, model.name)
  const merged = mergeDirectives(directives, prompt.directives)
  return { ...prompt, directives: activeDirectives(merged, requestedId, context.calls) }
}

function validate<Request extends { model: string }>(
  operation: Operation<Request>,
  request: Request,
  prompt: Prompt,
  target: ResolvedModel,
): ServiceError | undefined {
  const { unknownDirective, directives, tokens } = prompt
  const { context } = target.model
  if (unknownDirective !== undefined) {
    return badRequest(`Cannot read the simulator's directive: '${unknownDirective}' is not one`)
  }
  const error = operation.validate(request, target)
  if (error) return error
  if (directives.has('context-length')) return tooLong(context + tokens, context)
  if (tokens > context) return tooLong(tokens, context)
  return rejectByDirective(request, prompt, unsupported)
}

function tooLong(tokens: number, context: number): ServiceError {
  return invalidRequest(
    `This model's maximum context length is ${context} tokens. However, your messages resulted ` +
      `in ${tokens} tokens. Please reduce the length of the messages.`,
    'messages',
    'context_length_exceeded',
  )
}

function unsupported(field: string): ServiceError {
  const message = `Unsupported parameter: '${field}' is not supported with this model.`
  return invalidRequest(message, field, 'unsupported_parameter')
}

function reply<Request extends { model: string }>(
  operation: Operation<Request>,
  input: OpenAiReplyInput<Request>,
  exchange: Exchange,
  context: SimulatorContext,
): Response {
  const { prompt, target } = input
  const { model, requestedId, maxOutputTokens } = target
  const answers = answer(prompt, {
    model: requestedId,
    reasoning: model.reasoning,
    maxOutputTokens,
  })
  const headers = lifecycleHeaders(model)
  if (!prompt.isStream || prompt.directives.has('json')) {
    return jsonResponse(operation.reply(answers, input), prompt.directives, exchange, headers)
  }
  const stream = { ...operation.stream(answers, input), delay: context.eventDelay }
  const plan = planStream(stream, new Map([...prompt.directives, ['no-pad', ['']]]))
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...headers },
  })
}
