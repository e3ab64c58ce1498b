import { POLICIES } from '../../causes/policies.ts'
import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'
import type { AuthDependencies } from './dependencies.ts'
import { instancePrincipal } from './instance-principal.ts'
import type { Principal } from './principal.ts'
import { expandHome, readFile } from './read-file.ts'
import { expiryOf, type Token } from './token.ts'

/**
 * Opens the credential of an instance that acts on behalf of a user, as in Cloud Shell. Every
 * request carries the user's delegation token, which is read again whenever the instance's token is
 * renewed.
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
      refused: `OCI rejected the delegation token in "${path}" or the instance's token. Restart ` +
        'Cloud Shell, which writes a new token',
      policy: POLICIES.user,
    },
  })
}

async function readDelegation(path: string, files: Files | undefined): Promise<DelegationToken> {
  const text = files && await readFile(files, expandHome(path, files.home))
  if (text === undefined) {
    throw unusable(path, 'the file does not exist', 'delegation_token_missing')
  }
  const token = text.replace(/\s/g, '')
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw unusable(path, 'the file is empty or does not contain a token', 'bad_token')
  }
  // Oracle does not document the format of the token.
  return { text: token, expiresAt: expiryOf(token) }
}

type DelegationToken = Pick<Token, 'text' | 'expiresAt'>

function unusable(path: string, state: string, reason: string): ApiError {
  const message = `Cannot use the delegation token in "${path}": ${state}`
  return new ApiError('configuration_error', message, { reason })
}
