import type { AbortState } from '../../abort.ts'

/**
 * Creates a controller that aborts when its parent does, at once if the parent is already aborted,
 * and that can also be aborted alone.
 */
export function childController(parent: AbortState): AbortController {
  const child = new AbortController()
  if (parent.aborted) child.abort(parent.reason)
  else parent.addEventListener('abort', () => child.abort(parent.reason), { once: true })
  return child
}
