/**
 * Creates a controller that is aborted with its parent, at once if the parent already is, and can
 * also be aborted alone.
 */
export function childController(parent: AbortSignal): AbortController {
  const child = new AbortController()
  if (parent.aborted) child.abort(parent.reason)
  else parent.addEventListener('abort', () => child.abort(parent.reason), { once: true })
  return child
}
