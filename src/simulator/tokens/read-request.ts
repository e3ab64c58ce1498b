import { fromBase64 } from '../pem.ts'
import { badParameter, type ServiceError } from '../service-error.ts'
import { importPublicKey } from '../rsa.ts'
import { type Fields, findProblem } from '../shape.ts'

/** The body of a call for a token; the caller's type has to say the same as the fields. */
export function readTokenDetails<Details extends object>(
  fields: Fields,
  json: unknown,
): Details | ServiceError {
  if (json === undefined) return badParameter('The body is not JSON')
  const problem = findProblem({ fields }, json)
  // The fields have just been found to fit.
  return problem ? badParameter(problem.message) : json as Details
}

/** The key a token is asked for: SubjectPublicKeyInfo in base64 of one line. */
export async function readSessionKey(base64: string): Promise<CryptoKey | ServiceError> {
  const spki = fromBase64(base64)
  const key = spki && await importPublicKey(spki)
  return key ?? badParameter('Invalid public key')
}
