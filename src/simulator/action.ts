import { activeDirectives } from './active-directives.ts'
import type { Model } from './catalogue.ts'
import type { Directives } from './directives.ts'
import type { Exchange } from './exchange.ts'
import { faultResponse } from './faults.ts'
import { pause } from './pause.ts'
import { readDetails } from './read-details.ts'
import { mergeDirectives, readDirectives } from './read-directives.ts'
import { badRequest, isRefusal, type Refusal } from './refusal.ts'
import { layered } from './refuse-by-directive.ts'
import { checkCompartment } from './serving.ts'
import { noticesOf, wholeResponse } from './whole-response.ts'
import { refuse, type World } from './context.ts'

/** An action other than chat: it is answered in one piece. */
export interface Action<Details extends ActionDetails, Server extends ActionServer> {
  /** The SDK's name of the body. */
  details: string
  findServer(details: Details, host: string, now: number): Server | Refusal
  /** The text in which directives may stand. */
  textOf(details: Details): string
  findRefusal(details: Details, server: Server): Refusal | undefined
  answer(details: Details, server: Server, directives: Directives): object
}

/** What every action's body says. */
export interface ActionDetails {
  compartmentId: string
}

/** What every server of an action has. */
export interface ActionServer {
  named: string
  directives: Directives
  model?: Model
}

/** Answers a call of an action, with all that directives do to it. */
export async function act<Details extends ActionDetails, Server extends ActionServer>(
  action: Action<Details, Server>,
  exchange: Exchange,
  keyId: string,
  world: World,
): Promise<Response> {
  const details = readDetails<Details>(action.details, exchange.seen.json)
  if (isRefusal(details)) return refuse(details, world)
  const denied = checkCompartment(details.compartmentId, keyId)
  if (denied) return refuse(denied, world)
  const server = action.findServer(details, exchange.url.host, world.now())
  if (isRefusal(server)) return refuse(server, world)
  const written = readDirectives(action.textOf(details))
  const merged = mergeDirectives(server.directives, written.directives)
  const directives = activeDirectives(merged, server.named, world.calls)
  await pause(directives, false, exchange)
  const fault = faultResponse(directives)
  if (fault) return fault
  const refusal = refuseStranger(written.unknown) ?? action.findRefusal(details, server)
  if (refusal) return refuse(layered(refusal, directives), world)
  const answer = action.answer(details, server, directives)
  return wholeResponse(answer, directives, exchange, server.model ? noticesOf(server.model) : {})
}

function refuseStranger(unknown: string | undefined): Refusal | undefined {
  if (unknown === undefined) return undefined
  return badRequest(`Cannot read the simulator's directive: '${unknown}' is not one`)
}
