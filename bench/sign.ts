/**
 * Signs as OCI requires, and does nothing else: `GET /?count=500&in-flight=64` creates 500 signatures
 * (RSA-2048, PKCS#1 v1.5, SHA-256), 64 at a time, with Web Crypto.
 */
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const encoder = new TextEncoder()
/** As long as the signing string of a call to OCI. */
const TEXT = '(request-target): post /20231130/actions/chat\n'.repeat(6)

let key: CryptoKey | undefined
let signed = 0

export default {
  async fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url)
    key ??= (await crypto.subtle.generateKey(RSA, false, ['sign'])).privateKey
    const end = signed + Number(searchParams.get('count') ?? 0)
    const lanes = Array.from({ length: Number(searchParams.get('in-flight') ?? 1) })
    await Promise.all(lanes.map(() => signUntil(end)))
    return new Response('ready')
  },
}

async function signUntil(end: number): Promise<void> {
  while (signed < end && key) {
    const text = encoder.encode(`${TEXT}${signed++}`)
    await crypto.subtle.sign(RSA.name, key, text)
  }
}
