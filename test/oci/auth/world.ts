/** A world for credentials: its clock stands still, its network is a function, its files a map. */
import { Buffer } from 'node:buffer'
import type { AuthDependencies } from '../../../src/oci/auth/dependencies.ts'
import type { SignableRequest } from '../../../src/oci/signing/credential.ts'
import { createClock } from '../../../src/oci/http/clock.ts'
import type { Environment, Files, LogRecord } from '../../../src/platform.ts'
import { createPlatform, NOW } from '../platform.ts'

export { NOW }
export const MINUTE = 60_000

/** A call for a token, as it went out. */
export interface SeenCall {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

export type Answer = (call: SeenCall, number: number) => Response | Promise<Response>

export interface World extends AuthDependencies {
  environment: Environment
  files: Files
  /** By path; what is changed here is read next time. */
  texts: Map<string, string>
  seen: SeenCall[]
  lines: LogRecord[]
  /** Lets time go by, in milliseconds. */
  pass(milliseconds: number): void
}

/** Makes a world in which `answer` is whatever the credential calls. */
export function createWorld(
  answer: Answer = () => Promise.reject(new TypeError('no network')),
  part: Partial<AuthDependencies> & { texts?: Record<string, string> } = {},
): World {
  let time = NOW
  const seen: SeenCall[] = []
  const texts = new Map(Object.entries(part.texts ?? {}))
  const fetch = async (url: string, init: RequestInit) => {
    const call = callOf(url, init)
    seen.push(call)
    return await answer(call, seen.length)
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
    ...{ texts, seen, lines: platform.lines },
    ...{ files, pass: (milliseconds) => void (time += milliseconds) },
  }
}

export function callOf(url: string, { method = 'GET', headers, body }: RequestInit): SeenCall {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array()
  return {
    method,
    url,
    headers: Object.fromEntries(new Headers(headers)),
    body: new TextDecoder().decode(bytes),
  }
}

/** A JSON Web Token with these claims, signed by nobody; it lasts an hour unless it says more. */
export function jwt(claims: object = {}): string {
  const seconds = { iat: NOW / 1000, exp: NOW / 1000 + 3600 }
  const parts = [{ alg: 'RS256' }, { ...seconds, ...claims }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url')
  )
  return `${parts.join('.')}.c2ln`
}

/** An answer with a token. */
export function tokenReply(token: string): Response {
  return Response.json({ token })
}

/** Something to sign. */
export function anyRequest(part: Partial<SignableRequest> = {}): SignableRequest {
  const body = new TextEncoder().encode('{}')
  return { method: 'POST', url: new URL('https://a.b/c'), body, date: NOW, ...part }
}

/** The key id of signed headers. */
export function keyIdOf({ authorization }: Record<string, string>): string | undefined {
  return /keyId="([^"]*)"/.exec(authorization ?? '')?.[1]
}
