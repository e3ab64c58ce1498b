import assert from 'node:assert/strict'
import { it } from 'node:test'
import { UnreadableText, UnsupportedEdit } from '../../../src/cli/merge/format.ts'
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
      await assert.rejects(mergeSettings(before, format, settings), (error) => {
        // Only these are reported with the path of the file.
        assert.ok(error instanceof UnreadableText || error instanceof UnsupportedEdit, `${error}`)
        assert.match(error.message, reason)
        return true
      })
    })
  }
}
