import { answer } from './brain.ts'
import { checkFields } from './check-fields.ts'
import { type Directives, numberOf, textOf, withoutFaults } from './directives.ts'
import { planHalf, planStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { ChatRequest, Family, Occasion } from './families/family.ts'
import { familyOf } from './families/table.ts'
import { faultResponse } from './faults.ts'
import type { Prompt } from './prompt.ts'
import { mergeDirectives } from './read-directives.ts'
import { badFormat, badRequest, isRefusal, type Refusal, refusalResponse } from './refusal.ts'
import { sendPlan } from './send-plan.ts'
import { checkCompartment, findServing, type Serving, type ServingMode } from './serving.ts'
import { sleep, untilAborted } from './sleep.ts'

/** What outlives a request. */
export interface World {
  now(): number
  /** Milliseconds between the events of a stream. */
  eventDelay: number
  /** How often each key was called, for `times`. */
  calls: Map<string, number>
  onRefusal(refusal: Refusal): void
}

/** The body of the request, once the field table has nothing against it. */
interface ChatDetails {
  compartmentId: string
  servingMode: ServingMode
  chatRequest: ChatRequest
}

/** `POST /20231130/actions/chat` */
export async function chat(exchange: Exchange, keyId: string, world: World): Promise<Response> {
  const details = readDetails(exchange.seen.json)
  if (isRefusal(details)) return refuse(details, world)
  const denied = checkCompartment(details.compartmentId, keyId)
  if (denied) return refuse(denied, world)
  const serving = findServing(details.servingMode, exchange.url.host, world.now())
  if (isRefusal(serving)) return refuse(serving, world)
  const { chatRequest } = details
  const family = familyOf(serving.model.name, chatRequest.apiFormat)
  if (!family) {
    return refuse(badRequest('Chat request type does not match serving model.'), world)
  }
  const occasion = readOccasion(family, chatRequest, serving, world)
  await pause(occasion.prompt, exchange)
  const fault = faultResponse(occasion.prompt)
  if (fault) return fault
  const refusal = findRefusal(family, occasion, serving.outputCap)
  return refusal ? refuse(refusal, world) : reply(family, occasion, serving, exchange, world)
}

function readDetails(json: unknown): ChatDetails | Refusal {
  if (json === undefined) return badFormat('not JSON')
  const problem = checkFields('ChatDetails', json)
  // The field table has just said that it is one.
  return problem ? badFormat(`${problem.path}: ${problem.problem}`) : json as ChatDetails
}

function refuse(refusal: Refusal, world: World): Response {
  world.onRefusal(refusal)
  return refusalResponse(refusal)
}

function readOccasion(
  family: Family,
  request: ChatRequest,
  { model, named, directives }: Serving,
  world: World,
): Occasion {
  const prompt = family.readPrompt(request)
  const merged = mergeDirectives(directives, prompt.directives)
  const active = isWornOut(merged, named, world.calls) ? withoutFaults(merged) : merged
  return { prompt: { ...prompt, directives: active }, model, request, now: world.now() }
}

/** Counts the call, and tells whether its faults have had their `times`. */
function isWornOut(directives: Directives, named: string, calls: Map<string, number>): boolean {
  const times = numberOf(directives, 'times')
  if (times === undefined) return false
  const key = textOf(directives, 'key') ?? named
  const count = (calls.get(key) ?? 0) + 1
  calls.set(key, count)
  return count > times
}

/** Holds the headers back; a client that leaves meanwhile gets its own reason back, as from fetch. */
async function pause(prompt: Prompt, { request, end }: Exchange): Promise<void> {
  const { directives, isStream } = prompt
  const { signal } = request
  if (directives.has('silent')) await untilAborted(signal)
  const thinking = isStream ? 0 : numberOf(directives, 'first-delay') ?? 0
  await sleep(numberOf(directives, 'headers-delay') ?? thinking, signal)
  if (!signal.aborted) return
  end('client-left')
  signal.throwIfAborted()
}

function findRefusal(
  family: Family,
  { prompt, model, request }: Occasion,
  outputCap: number,
): Refusal | undefined {
  const { unknownDirective, directives, tokens } = prompt
  if (unknownDirective !== undefined) {
    return badRequest(`Cannot read the simulator's directive: '${unknownDirective}' is not one`)
  }
  const refusal = family.findRefusal(request, model, outputCap)
  if (refusal) return refusal
  if (directives.has('context-length')) return family.tooLong(model.context + tokens, model)
  return tokens > model.context ? family.tooLong(tokens, model) : undefined
}

function reply(
  family: Family,
  occasion: Occasion,
  { model, named, outputCap }: Serving,
  exchange: Exchange,
  world: World,
): Response {
  const { prompt } = occasion
  const answers = answer(prompt, { model: named, reasoning: model.reasoning, outputCap })
  const notice = model.deprecated === undefined
    ? {}
    : { 'model-deprecation-info': model.deprecated }
  if (!prompt.isStream || prompt.directives.has('json')) {
    const chatResponse = family.reply(answers, occasion)
    const text = JSON.stringify({ modelId: named, modelVersion: '1.0.0', chatResponse })
    const half = planHalf(text, prompt.directives)
    return new Response(half ? sendPlan(half, exchange) : text, {
      headers: { 'content-type': 'application/json', ...notice },
    })
  }
  const { endsWithDone, textEvent } = family
  const events = family.events(answers, occasion)
  const stream = { events, endsWithDone, textEvent, delay: world.eventDelay }
  const plan = planStream(stream, prompt.directives)
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...notice },
  })
}
