import { isDeepStrictEqual } from 'node:util'
import { Initial, Items, type Setting, type SettingTree } from '../../clients/setting.ts'
import { type Edit, isTable, type Path, UnsupportedEdit, type Value } from './format.ts'

interface PlanOptions {
  /** Whether null is an empty table or list. */
  isNullEmpty: boolean
}

/**
 * The edits that bring settings into a file with a value. Throws `UnsupportedEdit` where the file has
 * a value of another kind: it may mean something that the settings would destroy.
 */
export function planEdits(
  current: unknown,
  tree: SettingTree,
  options: PlanOptions,
  path: Path = [],
): Edit[] {
  if (!isTable(current)) throw new UnsupportedEdit(path, 'is not a table in the file')
  return Object.entries(tree).flatMap(([name, setting]) => {
    const found = Object.hasOwn(current, name) ? current[name] : undefined
    const isMissing = found === undefined || (found === null && options.isNullEmpty)
    const place = [...path, name]
    return isMissing
      ? [{ type: 'set' as const, path: place, value: plainValue(setting) }]
      : planMember(found, setting, options, place)
  })
}

function planMember(found: unknown, setting: Setting, options: PlanOptions, path: Path): Edit[] {
  if (setting instanceof Initial) return []
  if (setting instanceof Items) return planItems(found, setting, options, path)
  if (isTable(setting)) return planEdits(found, setting as SettingTree, options, path)
  if (isDeepStrictEqual(found, setting)) return []
  if (isTable(found)) throw new UnsupportedEdit(path, 'is a table in the file, not a value')
  if (Array.isArray(found) !== Array.isArray(setting)) {
    throw new UnsupportedEdit(path, `${Array.isArray(found) ? 'is' : 'is not'} a list in the file`)
  }
  return [{ type: 'set', path, value: plainValue(setting) }]
}

function planItems(
  found: unknown,
  { key, items }: Items,
  options: PlanOptions,
  path: Path,
): Edit[] {
  if (!Array.isArray(found)) throw new UnsupportedEdit(path, 'is not a list in the file')
  return items.flatMap((item): Edit[] => {
    const at = found.findIndex((candidate) => isTable(candidate) && candidate[key] === item[key])
    return at < 0
      ? [{ type: 'append', path, value: plainValue(item) }]
      : planEdits(found[at], item, options, [...path, at])
  })
}

/** The value that a new file has for a setting. */
export function plainValue(setting: Setting): Value {
  if (setting instanceof Initial) return plainValue(setting.value)
  if (setting instanceof Items) return setting.items.map(plainTree)
  if (isTable(setting)) return plainTree(setting as SettingTree)
  return setting
}

/** The members that a new file has for settings. */
export function plainTree(tree: SettingTree): { readonly [name: string]: Value } {
  return Object.fromEntries(
    Object.entries(tree).map(([name, setting]) => [name, plainValue(setting)]),
  )
}

/** The value of a file after edits. */
export function withEdits(current: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((value, edit) => withEdit(value, edit.path, edit), current)
}

function withEdit(value: unknown, [step, ...rest]: Path, edit: Edit): unknown {
  if (step === undefined) {
    return edit.type === 'set' ? edit.value : [...(Array.isArray(value) ? value : []), edit.value]
  }
  if (Array.isArray(value)) {
    return value.map((item, at) => at === step ? withEdit(item, rest, edit) : item)
  }
  const table = isTable(value) ? value : {}
  return { ...table, [step]: withEdit(table[step], rest, edit) }
}
