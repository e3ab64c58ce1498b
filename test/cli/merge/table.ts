import assert from 'node:assert/strict'
import { it } from 'node:test'
import { mergeSettings } from '../../../src/cli/merge/merge-settings.ts'
import type { FileFormat } from '../../../src/clients/client.ts'
import type { SettingTree } from '../../../src/clients/setting.ts'

/** A file before and after the settings are merged. */
export interface MergeCase {
  name: string
  /** `undefined` is no file. */
  before: string | undefined
  after: string
  settings?: SettingTree
}

/** Tests each merge, and that a second one changes nothing. */
export function testMerges(
  format: FileFormat,
  settings: SettingTree,
  cases: readonly MergeCase[],
): void {
  for (const { name, before, after, settings: own = settings } of cases) {
    it(name, async () => {
      assert.equal(await mergeSettings(before, format, own), after)
      assert.equal(await mergeSettings(after, format, own), after)
    })
  }
}

/** Tests that files are refused, with a reason. */
export function testRefusals(
  format: FileFormat,
  settings: SettingTree,
  cases: readonly (readonly [name: string, before: string, reason: RegExp])[],
): void {
  for (const [name, before, reason] of cases) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(mergeSettings(before, format, settings), { message: reason })
    })
  }
}
