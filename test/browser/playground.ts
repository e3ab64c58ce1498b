import type { Page } from 'playwright-core'
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Runtime } from '../runtimes/start.ts'
import { openPage, type WatchedPage } from './chromium.ts'
import { ask, ended, figure, say, unlock } from './drive.ts'
import type { Bench } from './suite.ts'

/** Opens the playground of a gateway without keys or, on Workers, with the key. */
export async function openPlayground(
  { browser, open }: Bench,
  runtime: Runtime,
): Promise<WatchedPage> {
  const watched = await openPage(browser, `${open.url}/`)
  if (runtime === 'workers') await unlock(watched.page, 'API key', open.key)
  await watched.page.getByLabel('Prompt').waitFor()
  return watched
}

/** The playground, from a first prompt on. */
export function testPlayground(bench: () => Bench, runtime: Runtime): void {
  it('leads to a streamed answer with two interactions, and shows what it took', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    await ask(page, `Hello ${say('A **first** answer')}`)
    assert.equal(await page.locator('.markdown strong').innerText(), 'first')
    assert.match(await figure(page, 'First token'), /^[\d.]+ m?s$/)
    assert.match(await figure(page, 'Answer tokens'), /^\d/)
    assert.match(await figure(page, 'Attempts'), /^1$/)
    assert.match(await figure(page, 'Region'), /^us-chicago-1$/)
    await page.getByRole('button', { name: 'OCI request id' }).waitFor()
    if (runtime !== 'workers') {
      await page.waitForFunction(() =>
        /\$0\.0\d+/.test(document.querySelector('.figures')!.textContent!)
      )
    }
    assert.deepEqual(problems, [])
    await context.close()
  })

  for (
    const [name, path] of [['Responses', 'v1/responses'], ['Messages', 'v1/messages']] as const
  ) {
    it(`streams through ${name}, and shows request, response and curl`, async () => {
      const { page, context, problems } = await openPlayground(bench(), runtime)
      await page.getByRole('button', { name, exact: true }).click()
      await ask(page, `Hello ${say('Through another API')}`)
      await page.locator('.markdown', { hasText: 'Through another API' }).waitFor()
      assert.match(await viewText(page, 'Request'), new RegExp(`^POST /${path}`))
      assert.match(await viewText(page, 'Response'), /^HTTP 200[^]*x-request-id: [^]*data: /)
      assert.match(await viewText(page, 'curl'), new RegExp(`^curl -N 'http://[^']+/${path}'`))
      assert.deepEqual(problems, [])
      await context.close()
    })
  }

  it('stops an answer', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    await page.getByLabel('Prompt').fill(`${say('one two three four five')} [[sim:delay=2000]]`)
    await page.getByRole('button', { name: 'Run' }).click()
    await page.locator('.markdown', { hasText: 'one' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await ended(page)
    await page.getByText('Stopped').waitFor()
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('sends system text, tools and a JSON Schema, and names a field that is not valid', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    await page.getByText('Options').click()
    await page.getByLabel('System text').fill('Be brief')
    await page.getByRole('button', { name: 'Insert an example: Tools' }).click()
    await page.getByLabel('JSON Schema of the answer', { exact: true }).fill('{')
    await page.getByLabel('Prompt').fill('Weather?')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByText('Not valid JSON').waitFor()
    await page.getByLabel('JSON Schema of the answer', { exact: true }).fill('')
    await ask(page, 'Weather? [[sim:tool=get_weather:eyJjaXR5IjoiUm9tZSJ9]]')
    await page.getByText('Tool call: get_weather').waitFor()
    assert.match(await viewText(page, 'Request'), /"role": "system"[^]*"name": "get_weather"/)
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('sends an image', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') },
    })
    await page.getByAltText('The image of the prompt').waitFor()
    await ask(page, 'What is it?')
    assert.match(await viewText(page, 'Request'), /"url": "data:image\/png;base64,iVBOR/)
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('shows an error with its cause, and the status of the response', async () => {
    const { page, context } = await openPlayground(bench(), runtime)
    await ask(page, '[[sim:status=403]]')
    await page.locator('.failure', { hasText: 'not permitted' }).waitFor()
    assert.match(await viewText(page, 'Response'), /^HTTP 403/)
    await context.close()
  })
}

async function viewText(page: Page, name: string): Promise<string> {
  await page.locator('.answer').getByRole('button', { name, exact: true }).click()
  return await page.locator('.answer-body pre').innerText()
}
