/** Dependencies of credentials for tests: a manual clock, a network function and files in a map. */
import { Buffer } from 'node:buffer'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import type { SignableRequest } from '../../../src/oci/signing/credential.ts'
import { createClock } from '../../../src/oci/http/clock.ts'
import type { Environment, Files, LogRecord } from '../../../src/platform.ts'
import { createPlatform, NOW } from '../platform.ts'

export { NOW }
export const MINUTE = 60_000

/** A recorded call to the network. */
export interface RecordedCall {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

export type Answer = (call: RecordedCall, number: number) => Response | Promise<Response>

export interface Fixture extends AuthDependencies {
  environment: Environment
  files: Files
  /** Texts of the files by path. Tests change them between reads. */
  texts: Map<string, string>
  calls: RecordedCall[]
  lines: LogRecord[]
  /** Advances the clock. */
  advance(milliseconds: number): void
}

/** Creates dependencies whose network answers every call with `answer`. */
export function createFixture(
  answer: Answer = () => Promise.reject(new TypeError('no network')),
  part: Partial<AuthDependencies> & { texts?: Record<string, string> } = {},
): Fixture {
  let time = NOW
  const calls: RecordedCall[] = []
  const texts = new Map(Object.entries(part.texts ?? {}))
  const fetch = async (url: string, init: RequestInit) => {
    const call = callOf(url, init)
    calls.push(call)
    return await answer(call, calls.length)
  }
  const platform = createPlatform({ fetch, now: () => time })
  const files: Files = {
    home: '/home/me',
    read: (path) => Promise.resolve(texts.get(path)),
    write: (path, text) => Promise.resolve(void texts.set(path, text)),
  }
  return {
    ...{ environment: {}, files, platform, clock: createClock(platform.now) },
    ...{ fetchWithCa: undefined, sharePromises: true },
    retry: { maxAttempts: 3, initialDelay: 1, maxDelay: 1, maxRetryAfter: 10, deadline: 60_000 },
    ...part,
    ...{ texts, calls, lines: platform.lines },
    ...{ files, advance: (milliseconds) => void (time += milliseconds) },
  }
}

export function callOf(url: string, { method = 'GET', headers, body }: RequestInit): RecordedCall {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  return {
    method,
    url,
    headers: Object.fromEntries(new Headers(headers)),
    body: new TextDecoder().decode(bytes),
  }
}

/** A JWT with these claims and an invalid signature. By default it is valid for an hour. */
export function jwt(claims: object = {}): string {
  const seconds = { iat: NOW / 1000, exp: NOW / 1000 + 3600 }
  const parts = [{ alg: 'RS256' }, { ...seconds, ...claims }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  return `${parts.join('.')}.c2ln`
}

/** A response with a token. */
export function tokenReply(token: string): Response {
  return Response.json({ token })
}

/** A request to sign. */
export function anyRequest(part: Partial<SignableRequest> = {}): SignableRequest {
  const body = new TextEncoder().encode('{}')
  return { method: 'POST', url: new URL('https://a.b/c'), body, date: NOW, ...part }
}

/** The key id in signed headers. */
export function keyIdOf({ authorization }: Record<string, string>): string | undefined {
  return /keyId="([^"]*)"/.exec(authorization ?? '')?.[1]
}
