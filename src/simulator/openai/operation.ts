import { activeDirectives } from '../directives.ts'
import { billAnswers } from '../billing/bill-answers.ts'
import { generateAnswers } from '../scripted-model.ts'
import { type EventStream, planStream } from '../event-stream.ts'
import type { Exchange } from '../exchange.ts'
import { faultResponse } from '../faults.ts'
import { delayHeaders } from '../sleep.ts'
import type { Answer, Prompt } from '../prompt.ts'
import { isServiceError, type ServiceError } from '../service-error.ts'
import { mergeDirectives, unknownDirectiveError } from '../read-directives.ts'
import { rejectByDirective } from '../reject-by-directive.ts'
import { jsonResponse, lifecycleHeaders, routingHeaders, sendPlan } from '../send-plan.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { reject, type SimulatorContext } from '../context.ts'
import { invalidRequest, toOpenAiError, toOpenAiResponse } from './error.ts'
import { resolveModel } from './resolve-model.ts'
import { findProblem, type Shape } from '../shape.ts'

/** Everything that an operation needs to encode answers. */
export interface OpenAiReplyInput<Request> {
  prompt: Prompt
  target: ResolvedModel
  request: Request
  /** Seconds since the epoch. */
  created: number
  /** Unique letters and digits. */
  id: string
}

/** An operation of the OpenAI endpoint that generates answers. */
export interface Operation<Request extends { model: string }> {
  shape: Shape
  /** Rejects models that do not offer the operation. */
  validateModel(model: string): ServiceError | undefined
  readPrompt(request: Request, model: string): Prompt
  validate(request: Request, target: ResolvedModel): ServiceError | undefined
  reply(answers: readonly Answer[], input: OpenAiReplyInput<Request>): object
  stream(
    answers: readonly Answer[],
    input: OpenAiReplyInput<Request>,
  ): Omit<EventStream, 'delay'>
}

/** Handles a call of an operation, including its directives. */
export async function performOperation<Request extends { model: string }>(
  operation: Operation<Request>,
  exchange: Exchange,
  context: SimulatorContext,
): Promise<Response> {
  const request = readRequest<Request>(operation.shape, exchange.received.json)
  if (isServiceError(request)) return reject(request, context)
  const target = resolveModel(request.model, exchange.url.host, context.now())
  if (isServiceError(target)) return reject(target, context)
  const modelError = operation.validateModel(target.model.name)
  if (modelError) return reject(modelError, context)
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

/** Checks a request body against a shape. The type parameter has to describe the same members. */
export function readRequest<Request extends object>(
  shape: Shape,
  json: unknown,
): Request | ServiceError {
  if (json === undefined) {
    return invalidRequest('We could not parse the JSON body of your request.', null)
  }
  const problem = findProblem(shape, json)
  if (problem) return invalidRequest(problem.message, problem.param, problem.code)
  // findProblem has verified the type.
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
  const { contextWindow } = target.model
  if (unknownDirective !== undefined) {
    return unknownDirectiveError(unknownDirective)
  }
  const error = operation.validate(request, target)
  if (error) return error
  if (directives.has('context-length')) return tooLong(contextWindow + tokens, contextWindow)
  if (tokens > contextWindow) return tooLong(tokens, contextWindow)
  return rejectByDirective(request, prompt, unsupported)
}

function tooLong(tokens: number, contextWindow: number): ServiceError {
  return invalidRequest(
    `This model's maximum context length is ${contextWindow} tokens. However, your messages resulted ` +
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
  const answers = generateAnswers(prompt, {
    model: requestedId,
    reasoning: model.reasoning,
    maxOutputTokens,
  })
  billAnswers(answers, { prompt, model, requestedId, cachesPrompt: false }, context.meter)
  const headers = { ...lifecycleHeaders(model, context.behavior), ...routingHeaders(target) }
  if (!prompt.isStream || prompt.directives.has('json')) {
    return jsonResponse(operation.reply(answers, input), prompt.directives, exchange, headers)
  }
  const stream = { ...operation.stream(answers, input), delay: context.eventDelay }
  const plan = planStream(stream, new Map([...prompt.directives, ['no-pad', ['']]]))
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...headers },
  })
}
