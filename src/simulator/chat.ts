import { activeDirectives, textOf } from './directives.ts'
import { checkBehavior, withoutDetail } from './service-behavior.ts'
import { billAnswers } from './billing/bill-answers.ts'
import { generateAnswers } from './scripted-model.ts'
import { planStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { ChatRequest, Family, ReplyInput } from './families/family.ts'
import { familyOf } from './families/table.ts'
import { faultResponse } from './faults.ts'
import { delayHeaders } from './sleep.ts'
import { checkCompartment, readDetails } from './check-request.ts'
import { mergeDirectives, unknownDirectiveError } from './read-directives.ts'
import { badRequest, isServiceError, type ServiceError } from './service-error.ts'
import { rejectByDirective, wrapError } from './reject-by-directive.ts'
import { jsonResponse, lifecycleHeaders, routingHeaders, sendPlan } from './send-plan.ts'
import { type ResolvedModel, resolveModel, type ServingMode } from './resolve-model.ts'
import { reject, type SimulatorContext } from './context.ts'

/** The request body, checked against the field table. */
interface ChatDetails {
  compartmentId: string
  servingMode: ServingMode
  chatRequest: ChatRequest
}

/** `POST /20231130/actions/chat` */
export async function chat(
  exchange: Exchange,
  keyId: string,
  context: SimulatorContext,
): Promise<Response> {
  const details = readDetails<ChatDetails>('ChatDetails', exchange.received.json)
  if (isServiceError(details)) return reject(details, context)
  const denied = checkCompartment(details.compartmentId, keyId)
  if (denied) return reject(denied, context)
  const resolved = resolveModel(details.servingMode, 'CHAT', exchange.url.host, context.now())
  if (isServiceError(resolved)) return reject(resolved, context)
  const { capsOutput } = context.behavior
  const target = capsOutput ? resolved : { ...resolved, maxOutputTokens: Infinity }
  const chatRequest = withoutDetail(details.chatRequest, context.behavior)
  const family = familyOf(target.model.name, chatRequest.apiFormat)
  if (!family) {
    return reject(badRequest('Chat request type does not match serving model.'), context)
  }
  const input = readInput(family, chatRequest, target, context)
  const { directives, isStream } = input.prompt
  await delayHeaders(directives, isStream, exchange)
  const fault = faultResponse(directives)
  if (fault) return fault
  const error = checkBehavior(chatRequest, target, context.behavior) ??
    validate(family, input, target.maxOutputTokens)
  if (error) return reject(wrapError(error, textOf(directives, 'layer')), context)
  return reply(family, input, target, exchange, context)
}

function readInput(
  family: Family,
  request: ChatRequest,
  { model, requestedId, directives }: ResolvedModel,
  context: SimulatorContext,
): ReplyInput {
  const prompt = family.readPrompt(request)
  const merged = mergeDirectives(directives, prompt.directives)
  const active = activeDirectives(merged, requestedId, context.calls)
  return { prompt: { ...prompt, directives: active }, model, request, now: context.now() }
}

function validate(
  family: Family,
  { prompt, model, request }: ReplyInput,
  maxOutputTokens: number,
): ServiceError | undefined {
  const { unknownDirective, directives, tokens } = prompt
  if (unknownDirective !== undefined) {
    return unknownDirectiveError(unknownDirective)
  }
  const error = family.validate(request, model, maxOutputTokens)
  if (error) return error
  if (directives.has('context-length')) return family.tooLong(model.contextWindow + tokens, model)
  if (tokens > model.contextWindow) return family.tooLong(tokens, model)
  return rejectByDirective(request, prompt, family.unsupported)
}

function reply(
  family: Family,
  input: ReplyInput,
  target: ResolvedModel,
  exchange: Exchange,
  context: SimulatorContext,
): Response {
  const { prompt } = input
  const { model, requestedId, answeredId, maxOutputTokens } = target
  const answers = generateAnswers(prompt, {
    model: requestedId,
    reasoning: model.reasoning,
    maxOutputTokens,
  })
  billAnswers(answers, { prompt, model, requestedId, cachesPrompt: true }, context.meter)
  const headers = { ...lifecycleHeaders(model, context.behavior), ...routingHeaders(target) }
  if (!prompt.isStream || prompt.directives.has('json')) {
    const chatResponse = family.reply(answers, input)
    const result = { modelId: answeredId, modelVersion: '1.0.0', chatResponse }
    return jsonResponse(result, prompt.directives, exchange, headers)
  }
  const { endsWithDone, textEvent } = family
  const events = family.events(answers, input)
  const stream = { events, endsWithDone, textEvent, delay: context.eventDelay }
  const plan = planStream(stream, prompt.directives)
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...headers },
  })
}
