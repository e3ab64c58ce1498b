import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'
import type { AuthDependencies } from './dependencies.ts'
import { instancePrincipal } from './instance-principal.ts'
import type { Principal } from './principal.ts'
import { expandHome, readFile } from './read-file.ts'
import { decodeToken, type Token } from './token.ts'

/**
 * The credential of an instance that acts on behalf of a user, as Cloud Shell does: the user's
 * token, read anew with each token of the instance, is sent and signed with every request.
 */
export function delegationToken(
  path: string,
  source: string,
  dependencies: AuthDependencies,
): Promise<Principal> {
  return instancePrincipal(dependencies, {
    delegation: () => readDelegation(path, dependencies.files),
    source,
    advice: {
      refused: `OCI refused the delegation token of "${path}" or that of the instance: open ` +
        'Cloud Shell again, which writes a new one',
      policy: 'Allow group G to use generative-ai-family in compartment C',
    },
  })
}

async function readDelegation(path: string, files: Files | undefined): Promise<DelegationToken> {
  const text = files && await readFile(files, expandHome(path, files.home))
  if (text === undefined) throw unusable(path, 'there is no such file', 'delegation_token_missing')
  const token = text.replace(/\s/g, '')
  if (!/^[\x21-\x7e]+$/.test(token)) throw unusable(path, 'it is empty or no token', 'bad_token')
  return { text: token, expiresAt: endOf(token) }
}

type DelegationToken = Pick<Token, 'text' | 'expiresAt'>

/** Nothing says that it must be a JSON Web Token; one that is none does not tell its end. */
function endOf(token: string): number | undefined {
  try {
    return decodeToken(token, 'the delegation token').expiresAt
  } catch {
    return undefined
  }
}

function unusable(path: string, state: string, reason: string): ApiError {
  const message = `Cannot use the delegation token of "${path}": ${state}`
  return new ApiError('configuration_error', message, { reason })
}
