import { checkFields } from './check-fields.ts'
import { badFormat, badParameter, notFound, type ServiceError } from './service-error.ts'

/**
 * Checks a request body against the SDK's model of that name. The type parameter has to describe
 * the same fields as the model.
 */
export function readDetails<Details>(model: string, json: unknown): Details | ServiceError {
  if (json === undefined) return badFormat('not JSON')
  const problem = checkFields(model, json)
  // checkFields has verified the type.
  return problem ? badFormat(`${problem.path}: ${problem.problem}`) : json as Details
}

/**
 * Checks that a caller may use a compartment: its own tenancy, or any compartment whose id does not
 * end in `.denied`.
 */
export function checkCompartment(compartment: string, keyId: string): ServiceError | undefined {
  const [, kind] = /^ocid1\.(tenancy|compartment)\.[\w-]+\.[\w-]*\.[\w-]+$/.exec(compartment) ?? []
  if (kind === undefined) return badParameter(`Invalid compartmentId: ${compartment}`)
  if (/\.denied$/.test(compartment)) return notFound('a denied compartment')
  const [tenancy = ''] = keyId.split('/')
  const isOwn = kind === 'compartment' || tenancy.startsWith('ST$') || tenancy === compartment
  return isOwn ? undefined : notFound('the tenancy of another customer')
}
