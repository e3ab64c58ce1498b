import { activeDirectives } from './active-directives.ts'
import { answer } from './scripted-model.ts'
import { planStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { ChatRequest, Family, Occasion } from './families/family.ts'
import { familyOf } from './families/table.ts'
import { faultResponse } from './faults.ts'
import { pause } from './pause.ts'
import { readDetails } from './read-details.ts'
import { mergeDirectives } from './read-directives.ts'
import { badRequest, isRefusal, type Refusal } from './refusal.ts'
import { layered, refuseByDirective } from './refuse-by-directive.ts'
import { sendPlan } from './send-plan.ts'
import { checkCompartment, findServing, type Serving, type ServingMode } from './serving.ts'
import { noticesOf, wholeResponse } from './whole-response.ts'
import { refuse, type World } from './context.ts'

/** The body of the request, once the field table has nothing against it. */
interface ChatDetails {
  compartmentId: string
  servingMode: ServingMode
  chatRequest: ChatRequest
}

/** `POST /20231130/actions/chat` */
export async function chat(exchange: Exchange, keyId: string, world: World): Promise<Response> {
  const details = readDetails<ChatDetails>('ChatDetails', exchange.seen.json)
  if (isRefusal(details)) return refuse(details, world)
  const denied = checkCompartment(details.compartmentId, keyId)
  if (denied) return refuse(denied, world)
  const serving = findServing(details.servingMode, 'CHAT', exchange.url.host, world.now())
  if (isRefusal(serving)) return refuse(serving, world)
  const { chatRequest } = details
  const family = familyOf(serving.model.name, chatRequest.apiFormat)
  if (!family) {
    return refuse(badRequest('Chat request type does not match serving model.'), world)
  }
  const occasion = readOccasion(family, chatRequest, serving, world)
  const { directives, isStream } = occasion.prompt
  await pause(directives, isStream, exchange)
  const fault = faultResponse(directives)
  if (fault) return fault
  const refusal = findRefusal(family, occasion, serving.outputCap)
  if (refusal) return refuse(layered(refusal, directives), world)
  return reply(family, occasion, serving, exchange, world)
}

function readOccasion(
  family: Family,
  request: ChatRequest,
  { model, named, directives }: Serving,
  world: World,
): Occasion {
  const prompt = family.readPrompt(request)
  const merged = mergeDirectives(directives, prompt.directives)
  const active = activeDirectives(merged, named, world.calls)
  return { prompt: { ...prompt, directives: active }, model, request, now: world.now() }
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
  if (tokens > model.context) return family.tooLong(tokens, model)
  return refuseByDirective(request, prompt, family.unsupported)
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
  const notices = noticesOf(model)
  if (!prompt.isStream || prompt.directives.has('json')) {
    const chatResponse = family.reply(answers, occasion)
    const result = { modelId: named, modelVersion: '1.0.0', chatResponse }
    return wholeResponse(result, prompt.directives, exchange, notices)
  }
  const { endsWithDone, textEvent } = family
  const events = family.events(answers, occasion)
  const stream = { events, endsWithDone, textEvent, delay: world.eventDelay }
  const plan = planStream(stream, prompt.directives)
  return new Response(sendPlan(plan, exchange), {
    headers: { 'content-type': 'text/event-stream', ...notices },
  })
}
