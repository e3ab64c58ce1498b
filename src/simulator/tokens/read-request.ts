import { fromBase64 } from '../base64.ts'
import { badParameter, type ServiceError } from '../service-error.ts'
import { importPublicKey } from '../rsa.ts'
import { type Fields, findProblem } from '../shape.ts'

/** Checks the body of a token request. The type parameter has to describe the same fields. */
export function readTokenDetails<Details extends object>(
  fields: Fields,
  json: unknown,
): Details | ServiceError {
  if (json === undefined) return badParameter('The body is not JSON')
  const problem = findProblem({ fields }, json)
  // findProblem has verified the type.
  return problem ? badParameter(problem.message) : json as Details
}

/** Reads the public key of a token request: SubjectPublicKeyInfo in base64 without line breaks. */
export async function readSessionKey(base64: string): Promise<CryptoKey | ServiceError> {
  const spki = fromBase64(base64)
  const key = spki && await importPublicKey(spki)
  return key ?? badParameter('Invalid public key')
}
