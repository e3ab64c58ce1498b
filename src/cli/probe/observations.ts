import { type Experiment, SHORT } from './experiment.ts'
import { generic, QUESTION } from './requests.ts'

/** More than any model accepts, so that the vendor rejects it, not OCI. */
const TEMPERATURE = 9

/** Rejected by OCI, which costs nothing: a request without a prompt. */
export function errorOfOci(model: string): Experiment {
  return errorShape(model, 'no messages', {})
}

/** Rejected by the vendor. */
export function errorOfVendor(model: string): Experiment {
  const { say } = generic(model)
  const request = { ...say(QUESTION), temperature: TEMPERATURE, maxTokens: SHORT }
  return errorShape(model, `temperature ${TEMPERATURE}`, request)
}

function errorShape(model: string, shows: string, request: object): Experiment {
  return {
    ...{ question: 'error_code', model, action: 'chat', observes: 'error', maxOutput: SHORT },
    variants: [{ shows, finding: {}, body: generic(model).ask(request) }],
  }
}

/** Asks a deprecated model, for the header of its answer. */
export function deprecationHeader(model: string): Experiment {
  const { ask, say } = generic(model)
  return {
    ...{ question: DEPRECATION_HEADER, model, action: 'chat', observes: 'header' },
    ...{ maxOutput: SHORT },
    variants: [{ shows: '', finding: {}, body: ask({ ...say(QUESTION), maxTokens: SHORT }) }],
  }
}

/** The question that answers to other questions settle, too. */
export const DEPRECATION_HEADER = 'deprecation_header'
