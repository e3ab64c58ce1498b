import { BoundedMap } from '../../bounded-map.ts'
import type { Platform, UpstreamResponse } from '../../platform.ts'

/** The headers of an answer from a model that will be retired: sources disagree about the name. */
const HEADERS = ['model-deprecation-info', 'model-retirement-info'] as const

/** What OCI says about the end of the model that has answered. */
export interface LifecycleNotice {
  header: typeof HEADERS[number]
  text: string
}

/** Reads the notice of an answer, if it has one. */
export function readNotice(
  { headers }: Pick<UpstreamResponse, 'headers'>,
): LifecycleNotice | undefined {
  const header = HEADERS.find((name) => headers.has(name))
  return header && { header, text: (headers.get(header) ?? '').slice(0, 200) }
}

const MAX_MODELS = 1_000

/** Creates a function that logs the notices of answers, once for each model. */
export function createNoticeLog(
  log: Platform['log'],
): (model: string | undefined, response: Pick<UpstreamResponse, 'headers'>) => void {
  const logged = new BoundedMap<true>({ maxEntries: MAX_MODELS })
  return (model, response) => {
    const notice = readNotice(response)
    if (!notice || model === undefined || logged.has(model)) return
    logged.set(model, true)
    log({ level: 'warn', event: 'model_deprecated', model, notice: notice.text })
  }
}
