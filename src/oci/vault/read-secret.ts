import * as v from 'valibot'
import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { readJson } from '../http/read-json.ts'
import type { Send } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'
import { ocidKind, ocidRegion } from '../models/ocid.ts'
import { type Region, resolveRegion, secretsEndpoint } from '../regions.ts'

export interface VaultDependencies {
  send: Send
  /** The region of secrets whose OCID names none. */
  region: Region | undefined
  env: Environment
}

/** Milliseconds between two chunks of an answer. */
const IDLE = 10_000

const SecretBundle = v.object({
  secretBundleContent: v.object({ contentType: v.literal('BASE64'), content: v.string() }),
})

/**
 * Reads the current version of a secret of OCI Vault as text. The secret's OCID determines the
 * region that is asked. Throws a `configuration_error` that says why it cannot be read.
 */
export async function readVaultSecret(
  id: string,
  { send, region, env }: VaultDependencies,
): Promise<string> {
  if (ocidKind(id) !== 'vaultsecret') {
    throw unreadable(
      id,
      'the reference must be vault://ocid1.vaultsecret… with the OCID of a secret',
    )
  }
  const code = ocidRegion(id)
  const own = code === undefined ? region : resolveRegion(code, env)
  if (!own) throw unreadable(id, 'its OCID and the credential name no region')
  const base = secretsEndpoint(own)
  const { signal } = new AbortController()
  try {
    const url = upstreamUrl(base, ['20190301', 'secretbundles', id])
    const answer = await readJson(await send({ method: 'GET', url }, signal), IDLE, signal)
    const { secretBundleContent } = v.parse(SecretBundle, answer)
    return decodeBase64(secretBundleContent.content)
  } catch (cause) {
    throw unreadable(
      id,
      cause instanceof ApiError ? cause.message : "OCI's answer is no secret",
      cause,
    )
  }
}

function decodeBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

function unreadable(id: string, state: string, cause?: unknown): ApiError {
  return new ApiError('configuration_error', `Cannot read vault://${id}: ${state}`, {
    reason: 'configuration',
    cause,
  })
}
