/** Settings to merge into a configuration file, by name. */
export interface SettingTree {
  readonly [name: string]: Setting
}

/**
 * One setting. A tree is merged member by member, `Items` item by item; other values replace the
 * value of the file.
 */
export type Setting = Scalar | readonly Scalar[] | SettingTree | Items | Initial

export type Scalar = string | number | boolean

/** Items of a list, each identified by the value of one of its members. Other items stay. */
export class Items {
  /** The member that identifies an item, such as `id`. */
  readonly key: string
  readonly items: readonly SettingTree[]

  constructor(key: string, items: readonly SettingTree[]) {
    this.key = key
    this.items = items
  }
}

/** A value that is set only if the file has none. */
export class Initial {
  readonly value: Scalar | readonly Scalar[] | SettingTree

  constructor(value: Scalar | readonly Scalar[] | SettingTree) {
    this.value = value
  }
}
