/** The controller of the request of each response whose body may not be read to its end. */
const controllers = new WeakMap<object, AbortController>()

/** Records the controller that aborts the request of a response. */
export function recordController(response: object, controller: AbortController): void {
  controllers.set(response, controller)
}

/** Closes the connection of a response, also while a method such as `text()` reads its body. */
export function closeResponse(response: object, reason: unknown): void {
  controllers.get(response)?.abort(reason)
}
