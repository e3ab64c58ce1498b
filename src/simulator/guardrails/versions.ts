import { paginate } from '../paging.ts'
import { badParameter, isServiceError, type ServiceError } from '../service-error.ts'
import { checkCompartment } from '../resolve-model.ts'

/** Every version, the newest first. */
export const GUARDRAIL_VERSIONS = [
  {
    guardrailVersion: '1.1',
    state: 'PREVIEW',
    timePreviewed: '2026-09-01T00:00:00.000Z',
    description: 'Looks at pictures too',
  },
  {
    guardrailVersion: '1.0',
    state: 'ACTIVE',
    timeActivated: '2025-10-01T00:00:00.000Z',
    description: 'The first',
  },
] as const

const STATES: readonly string[] = ['ACTIVE', 'PREVIEW', 'DEPRECATED', 'RETIRED']

/** `GET /20231130/guardrailVersions`, whose compartment stands in a header. */
export function answerGuardrailVersions(
  query: URLSearchParams,
  compartment: string | null,
  keyId: string,
): Response | ServiceError {
  if (compartment === null) return badParameter('Missing opc-compartment-id')
  const state = query.get('state')
  if (state !== null && !STATES.includes(state)) return badParameter(`Invalid state: ${state}`)
  const denied = checkCompartment(compartment, keyId)
  if (denied) return denied
  const versions = GUARDRAIL_VERSIONS.filter((version) => state === null || version.state === state)
  const page = paginate(versions, query)
  if (isServiceError(page)) return page
  const headers = page.next === undefined ? {} : { 'opc-next-page': page.next }
  return Response.json({ items: page.items }, { headers })
}
