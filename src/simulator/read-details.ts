import { checkFields } from './check-fields.ts'
import { badFormat, type ServiceError } from './service-error.ts'

/**
 * A request's body, once the field table has nothing against it. The caller's type has to be what
 * the SDK's model of that name says: it is taken at its word.
 */
export function readDetails<Details>(model: string, json: unknown): Details | ServiceError {
  if (json === undefined) return badFormat('not JSON')
  const problem = checkFields(model, json)
  // The field table has just said that it is one.
  return problem ? badFormat(`${problem.path}: ${problem.problem}`) : json as Details
}
