import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chunksOf, post, textOf } from '../contract/target.ts'
import { BEARER } from '../oci-names.ts'
import { APPLICATION, type FakeOci, startOci, SUBJECT_TOKEN } from './oci.ts'
import { RUNTIMES, startGateway } from './start.ts'

type Row = [name: string, variables: (oci: FakeOci) => Record<string, string>, authorized: RegExp]

/** The credentials that do not need an OCI instance. */
const rows: Row[] = [
  ['an OCI Generative AI API key', () => BEARER, /^Bearer sk-/],
  ['an exchanged token', ({ url }) => ({
    OCI_AUTH: 'token_exchange',
    OCI_REGION: 'us-chicago-1',
    OCI_IDENTITY_DOMAIN_URL: url,
    OCI_TOKEN_EXCHANGE_CLIENT_ID: APPLICATION.id,
    OCI_TOKEN_EXCHANGE_CLIENT_SECRET: APPLICATION.secret,
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN: SUBJECT_TOKEN,
  }), /keyId="ST\$/],
]

describe('credentials for deployments outside OCI', { concurrency: 3 }, () => {
  for (const runtime of RUNTIMES) {
    for (const [name, variables, authorized] of rows) {
      it(`authenticate chats with ${name} on ${runtime}`, async () => {
        const oci = await startOci()
        const gateway = await startGateway(runtime, oci, variables(oci), {
          bare: true,
          bundled: true,
        })
        try {
          const target = { ...gateway, seen: oci.seen }
          const body = { model: 'xai.grok-4', messages: [{ role: 'user', content: 'Hello' }] }
          const whole = await post(target, '/v1/chat/completions', body)
          const text = await whole.text()
          assert.equal(whole.status, 200, text)
          assert.match(JSON.parse(text).choices[0].message.content, /Hello/)
          const stream = await post(target, '/v1/chat/completions', { ...body, stream: true })
          assert.match(textOf(chunksOf(await stream.text())), /Hello/)
          assert.match(oci.seen.at(-1)?.headers.get('authorization') ?? '', authorized)
        } finally {
          await gateway.stop()
          oci.stop()
        }
      })
    }
  }
})
