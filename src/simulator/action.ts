import type { Use } from './billing/skus.ts'
import type { Model } from './catalogue.ts'
import { checkCompartment, readDetails } from './check-request.ts'
import { isOnDemand } from './billing/meter.ts'
import { reject, type SimulatorContext } from './context.ts'
import { activeDirectives, type Directives, textOf } from './directives.ts'
import type { Exchange } from './exchange.ts'
import { faultResponse } from './faults.ts'
import { mergeDirectives, readDirectives, unknownDirectiveError } from './read-directives.ts'
import { wrapError } from './reject-by-directive.ts'
import { jsonResponse, lifecycleHeaders } from './send-plan.ts'
import { isServiceError, type ServiceError } from './service-error.ts'
import { delayHeaders } from './sleep.ts'

/** An action of the inference service that does not stream. */
export interface Action<Details extends ActionDetails, Target extends ActionTarget> {
  /** The SDK's name of the request body's model. */
  details: string
  findTarget(details: Details, host: string, now: number): Target | ServiceError
  /** The text that may contain directives. */
  textOf(details: Details): string
  validate(details: Details, target: Target): ServiceError | undefined
  answer(details: Details, target: Target, directives: Directives): object
  /** What is billed for a call, besides requests. */
  useOf?(details: Details): Partial<Use>
}

/** The members that all actions' request bodies have. */
export interface ActionDetails {
  compartmentId: string
}

/** The members that all actions' targets have. */
export interface ActionTarget {
  /** The model or endpoint as the request names it. */
  requestedId: string
  directives: Directives
  model?: Model
}

/** Handles a call of an action, including its directives. */
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
  const error = written.unknown === undefined
    ? action.validate(details, target)
    : unknownDirectiveError(written.unknown)
  if (error) return reject(wrapError(error, textOf(directives, 'layer')), context)
  if (target.model && isOnDemand(target.requestedId)) {
    context.meter.bill(target.model.name, action.useOf?.(details) ?? {})
  }
  const headers = target.model ? lifecycleHeaders(target.model, context.behavior) : {}
  return jsonResponse(action.answer(details, target, directives), directives, exchange, headers)
}
