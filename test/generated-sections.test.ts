import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { withRoutes } from '../tools/api.ts'
import { withCapacity } from '../tools/capacity.ts'
import { withCommands } from '../tools/commands.ts'
import { withConfiguration } from '../tools/configuration.ts'
import { withDoctor } from '../tools/doctor.ts'
import { withEndpoints } from '../tools/endpoints.ts'
import { withFamilies } from '../tools/families.ts'
import { withLimits } from '../tools/limits.ts'
import { withMetrics } from '../tools/metrics.ts'

/** Pages with a section that npm run docs writes, and a row that the section must have. */
const PAGES = [
  {
    path: 'docs/models.md',
    render: withFamilies,
    row: /`meta\.llama-3\.3-70b-instruct`.*\| GENERIC \|/,
  },
  {
    path: 'docs/commands.md',
    render: withCommands,
    row: /`-y, --yes` \| Take the default/,
  },
  {
    path: 'docs/configuration.md',
    render: withConfiguration,
    row: /`limits\.maxTools` \| integer \| 1024 \|/,
  },
  { path: 'docs/reliability.md', render: withLimits, row: /`limits\.maxTools` \| .* \| 1024 \|/ },
  {
    path: 'docs/telemetry.md',
    render: withMetrics,
    row: /`gateway_cost_usd_total` \| counter \| `model` \|/,
  },
  { path: 'docs/api.md', render: withRoutes, row: /`POST \/v1\/messages` \| Message \|/ },
  {
    path: 'docs/endpoints.md',
    render: withEndpoints,
    row: /`POST \/v1\/vector_stores` \| control plane \| JSON \|/,
  },
  { path: 'docs/doctor.md', render: withDoctor, row: /\| `clock_skew` \| .* \| `timedatectl/ },
  {
    path: 'docs/capacity.md',
    render: withCapacity,
    row: /\| \*\*processes for 100,000 streams\*\* \| \d+ \|/,
  },
]

for (const { path, render, row } of PAGES) {
  describe(path, () => {
    it('has the section that npm run docs writes', async () => {
      const page = await readFile(new URL(`../${path}`, import.meta.url), 'utf8')
      assert.equal(page, await render(page))
      assert.match(page, row)
    })
  })
}
