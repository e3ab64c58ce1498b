import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Runtime } from '../runtimes/start.ts'
import { ask, say } from './drive.ts'
import { openPlayground } from './playground.ts'
import type { Bench } from './suite.ts'

/** Markup and Markdown that would run, load or lead away. */
const HOSTILE = `<script>window.hacked = 1</script>
<img src="https://evil.invalid/a.png" onerror="window.hacked = 2">
<svg onload="window.hacked = 3"><script>window.hacked = 4</script><a href="//evil.invalid">x</a></svg>
<iframe src="https://evil.invalid/"></iframe><style>body { display: none }</style>
<form action="https://evil.invalid/"><input name="key"></form><base href="https://evil.invalid/">
<math><mtext><table><mglyph><style><img src=x onerror="window.hacked = 5"></style></mglyph></table></mtext></math>

![image](https://evil.invalid/b.png) [link](javascript:window.hacked=6) [link](https://evil.invalid/c)
<https://evil.invalid/d> www.evil.invalid [reference][r]

[r]: https://evil.invalid/e "title"

<details open ontoggle="window.hacked = 7">x</details><p class="empty" style="position:fixed">y</p>

\`\`\`html
<script>window.hacked = 8</script>
\`\`\`

The last **line**`

/** Markdown on which parsers have taken quadratic time, or have exceeded their stack. Without spaces: the simulator sends each word on its own. */
const SLOW = [
  '['.repeat(30_000),
  '![a]('.repeat(6_000),
  '|a'.repeat(8_000) + '\n' + '|-'.repeat(8_000),
  '>'.repeat(10_000),
]

/** What a model writes stays text. */
export function testHostileOutput(bench: () => Bench, runtime: Runtime): void {
  it('shows hostile output as text', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    await ask(page, `Hello ${say(HOSTILE)}`)
    await page.locator('.markdown strong', { hasText: 'line' }).waitFor()
    const found = await page.evaluate(() => ({
      hacked: (window as unknown as { hacked?: number }).hacked,
      elements: Array.from(
        document.querySelectorAll(
          '.turns :is(a, img, svg:not(.icon), script, iframe, style, form)',
        ),
        ({ outerHTML }) => outerHTML,
      ),
      attributes: Array.from(document.querySelectorAll('.markdown *'))
        .flatMap((element) => element.getAttributeNames())
        .filter((name) => !['class', 'tabindex', 'start'].includes(name)),
      isVisible: getComputedStyle(document.body).display !== 'none',
      text: document.querySelector('.markdown')?.textContent ?? '',
    }))
    assert.deepEqual({ ...found, text: '' }, {
      ...{ hacked: undefined, elements: [], attributes: [], isVisible: true, text: '' },
    })
    assert.match(found.text, /<script>window\.hacked = 1<\/script>/)
    assert.match(found.text, /link \(https:\/\/evil\.invalid\/c\)/)
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('shows a part of a line of a megabyte, and stays usable', async () => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    await ask(page, 'Hello [[sim:big=1000000]]')
    await page.getByText('Copy has them all').waitFor()
    const length = await page.locator('.answer').evaluate((answer) => answer.textContent.length)
    assert.ok(length < 150_000, `${length} characters`)
    await page.getByRole('button', { name: 'Response', exact: true }).click()
    await page.getByLabel('Prompt').fill('still usable')
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('formats no text that would take long', async (t) => {
    const { page, context, problems } = await openPlayground(bench(), runtime)
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    for (const text of SLOW) {
      await page.getByRole('button', { name: 'Answer', exact: true }).click()
      const before = await taskSeconds()
      await ask(page, say(text))
      await page.locator('.turn.assistant').last().waitFor()
      const spent = await taskSeconds() - before
      t.diagnostic(`${spent.toFixed(2)} s for ${text.slice(0, 12)}`)
      // Processor time, so that other processes do not matter. Quadratic time would be minutes.
      assert.ok(spent < 15, `${spent} s for ${text.slice(0, 12)}`)
      await page.getByRole('button', { name: 'New conversation' }).click()
    }
    assert.deepEqual(problems, [])
    await context.close()

    async function taskSeconds(): Promise<number> {
      const { metrics } = await session.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
    }
  })
}
