import { pageResponse } from '../paging.ts'
import { badParameter, type ServiceError } from '../service-error.ts'
import { checkCompartment } from '../check-request.ts'

/** All versions, newest first. */
export const GUARDRAIL_VERSIONS = [
  {
    guardrailVersion: '1.1',
    state: 'PREVIEW',
    timePreviewed: '2026-09-01T00:00:00.000Z',
    description: 'Also checks images',
  },
  {
    guardrailVersion: '1.0',
    state: 'ACTIVE',
    timeActivated: '2025-10-01T00:00:00.000Z',
    description: 'First version',
  },
] as const

const STATES: readonly string[] = ['ACTIVE', 'PREVIEW', 'DEPRECATED', 'RETIRED']

/** `GET /20231130/guardrailVersions`, whose compartment is a header. */
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
  return pageResponse(versions, query)
}
