import { activeDirectives } from './active-directives.ts'
import type { Model } from './catalogue.ts'
import type { Directives } from './directives.ts'
import type { Exchange } from './exchange.ts'
import { faultResponse } from './faults.ts'
import { delayHeaders } from './pause.ts'
import { readDetails } from './read-details.ts'
import { mergeDirectives, readDirectives } from './read-directives.ts'
import { badRequest, isServiceError, type ServiceError } from './service-error.ts'
import { wrapError } from './reject-by-directive.ts'
import { checkCompartment } from './resolve-model.ts'
import { jsonResponse, lifecycleHeaders } from './whole-response.ts'
import { reject, type SimulatorContext } from './context.ts'

/** An action other than chat: it is answered in one piece. */
export interface Action<Details extends ActionDetails, Target extends ActionTarget> {
  /** The SDK's name of the body. */
  details: string
  findTarget(details: Details, host: string, now: number): Target | ServiceError
  /** The text in which directives may stand. */
  textOf(details: Details): string
  validate(details: Details, target: Target): ServiceError | undefined
  answer(details: Details, target: Target, directives: Directives): object
}

/** What every action's body says. */
export interface ActionDetails {
  compartmentId: string
}

/** What every server of an action has. */
export interface ActionTarget {
  requestedId: string
  directives: Directives
  model?: Model
}

/** Answers a call of an action, with all that directives do to it. */
export async function performAction<Details extends ActionDetails, Target extends ActionTarget>(
  action: Action<Details, Target>,
  exchange: Exchange,
  keyId: string,
  context: SimulatorContext,
): Promise<Response> {
  const details = readDetails<Details>(action.details, exchange.received.json)
  if (isServiceError(details)) return reject(details, context)
  const denied = checkCompartment(details.compartmentId, keyId)
  if (denied) return reject(denied, context)
  const target = action.findTarget(details, exchange.url.host, context.now())
  if (isServiceError(target)) return reject(target, context)
  const written = readDirectives(action.textOf(details))
  const merged = mergeDirectives(target.directives, written.directives)
  const directives = activeDirectives(merged, target.requestedId, context.calls)
  await delayHeaders(directives, false, exchange)
  const fault = faultResponse(directives)
  if (fault) return fault
  const error = refuseStranger(written.unknown) ?? action.validate(details, target)
  if (error) return reject(wrapError(error, directives), context)
  const answer = action.answer(details, target, directives)
  return jsonResponse(
    answer,
    directives,
    exchange,
    target.model ? lifecycleHeaders(target.model) : {},
  )
}

function refuseStranger(unknown: string | undefined): ServiceError | undefined {
  if (unknown === undefined) return undefined
  return badRequest(`Cannot read the simulator's directive: '${unknown}' is not one`)
}
