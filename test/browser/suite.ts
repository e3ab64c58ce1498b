import type { Browser } from 'playwright-core'
import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import { type Runtime, startGateway, type Target } from '../runtimes/start.ts'
import { findChromium, INSTALL, startBrowser } from './chromium.ts'
import { testAccess } from './access.ts'
import { testHostileOutput } from './hostile.ts'
import { testKeys } from './keys.ts'
import { testPlayground } from './playground.ts'
import { testViews } from './views.ts'

/** The gateways of the tests, and the browser. */
export interface Bench {
  browser: Browser
  /** Without keys and without a store. On Workers, which need keys, it is the same as `locked`. */
  open: Target
  /** With an API key and an administration key and, where there is one, a store. */
  locked: Target
}

export const ADMIN_KEY = 'administration-key'

const LOCKED = { GATEWAY_ADMIN_KEY: ADMIN_KEY }

/** Tests the console of the gateway on a runtime in a real browser. */
export async function testConsole(runtime: Runtime, { short = false } = {}): Promise<void> {
  const path = await findChromium()
  const skip = path === undefined && `Chromium is not installed. To enable it: ${INSTALL}`
  describe(`the console on ${runtime}`, { skip }, () => {
    let oci: FakeOci | undefined
    let bench: Bench | undefined
    before(async () => {
      oci = await startOci()
      const browser = await startBrowser(path ?? '')
      const store = runtime === 'workers' ? {} : { GATEWAY_STORE: 'memory:' }
      const locked = await startGateway(runtime, oci, { ...LOCKED, ...store })
      const open = runtime === 'workers'
        ? locked
        : await startGateway(runtime, oci, { GATEWAY_API_KEYS: '' })
      bench = { browser, open, locked }
    })
    after(async () => {
      await bench?.browser.close()
      await bench?.open.stop()
      await bench?.locked.stop()
      oci?.stop()
    })
    const current = (): Bench => {
      assert.ok(bench, 'The gateway did not start')
      return bench
    }
    testAccess(current, runtime)
    testPlayground(current, runtime)
    testHostileOutput(current, runtime)
    if (runtime !== 'workers') testKeys(current)
    testViews(current, runtime, { short })
  })
}
