/**
 * Writes the types from which the tests generate conversations, as JSON Schemas, from the declarations
 * of the installed packages:
 *
 *   node tools/published-types.ts
 */
import { writeFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import {
  API,
  type Checker,
  type Symbol,
  SymbolFlags,
  type Type,
  TypeFlags,
} from 'typescript/unstable/sync'
import type { Schema, Schemas } from '../test/conversations/schema.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const ROOTS = fileURLToPath(new URL('../test/conversations/roots.ts', import.meta.url))
/** The file that holds the schemas. */
export const TYPES = new URL('../test/fixtures/published/inputs.json', import.meta.url)

/** Reads the types and returns them as the text of the file. */
export function readTypes(): string {
  const api = new API({ cwd: ROOT })
  try {
    const project = api.updateSnapshot({ openFiles: [ROOTS] }).getDefaultProjectForFile(ROOTS)
    if (!project) throw new Error(`Cannot open ${ROOTS}`)
    const file = project.program.getSourceFile(ROOTS)
    const module = file && project.checker.getSymbolAtLocation(file)
    const roots = module && project.checker.getMemberInModuleExports(module, 'Roots')
    if (!roots) throw new Error(`Cannot find Roots in ${ROOTS}`)
    const schemas = new SchemaWriter(project.checker).write(
      project.checker.getDeclaredTypeOfSymbol(roots),
    )
    return textOf(schemas)
  } finally {
    api.close()
  }
}

/** Writes one definition on each line. */
function textOf({ roots, definitions }: Schemas): string {
  const linesOf = (members: object) =>
    Object.entries(members).map(([name, schema]) =>
      `${JSON.stringify(name)}: ${JSON.stringify(schema)}`
    )
      .join(',\n')
  return `{"roots": {\n${linesOf(roots)}\n},\n"definitions": {\n${linesOf(definitions)}\n}}\n`
}

class SchemaWriter {
  readonly #checker: Checker
  readonly #names = new Map<number, string>()
  readonly #definitions: Record<string, Schema> = {}

  constructor(checker: Checker) {
    this.#checker = checker
  }

  /** Writes the types of the members of `roots`, and all types that they refer to. */
  write(roots: Type): Schemas {
    const { properties = {} } = this.#objectSchema(roots)
    return { roots: properties, definitions: this.#definitions }
  }

  #schemaOf(type: Type): Schema {
    if (type.isStringLiteralType() || type.isNumberLiteralType() || type.isBooleanLiteralType()) {
      return { const: type.value }
    }
    if (type.isUnionType()) return { anyOf: type.getTypes().map((each) => this.#schemaOf(each)) }
    if (isString(type)) return { type: 'string' }
    if (type.flags & TypeFlags.Number) return { type: 'number' }
    if (type.flags & TypeFlags.Boolean) return { type: 'boolean' }
    if (type.flags & TypeFlags.Null) return { const: null }
    if (type.flags & (TypeFlags.Unknown | TypeFlags.Any)) return {}
    if (this.#checker.isArrayType(type) && type.isTypeReference()) {
      const [element] = this.#checker.getTypeArguments(type)
      return { items: element ? this.#schemaOf(element) : {} }
    }
    // `string & {}` is how the packages write any string beside known ones.
    if (type.isIntersectionType() && type.getTypes().some(isString)) return { type: 'string' }
    if (type.isObjectType() || type.isIntersectionType()) return this.#reference(type)
    throw new Error(`Cannot write the type ${this.#checker.typeToString(type)}`)
  }

  #reference(type: Type): Schema {
    const known = this.#names.get(type.id)
    if (known !== undefined) return { ref: known }
    const name = this.#nameOf(type)
    this.#names.set(type.id, name)
    this.#definitions[name] = this.#objectSchema(type)
    return { ref: name }
  }

  #nameOf(type: Type): string {
    const base = qualifiedName(type.getAliasSymbol() ?? type.getSymbol())
    const taken = new Set(this.#names.values())
    for (let count = 1;; count++) {
      const name = count === 1 ? base : `${base} ${count}`
      if (!taken.has(name)) return name
    }
  }

  #objectSchema(type: Type): Schema {
    const symbols = this.#checker.getPropertiesOfType(type)
    const types = this.#checker.getTypeOfSymbol(symbols)
    const members = symbols.map((symbol, at) => ({ symbol, type: types[at] }))
    const [index] = this.#checker.getIndexInfosOfType(type)
    return {
      properties: Object.fromEntries(
        members.map(({ symbol, type }) => [symbol.name, type ? this.#memberSchema(type) : {}]),
      ),
      required: members.filter(({ symbol }) => !(symbol.flags & SymbolFlags.Optional))
        .map(({ symbol }) => symbol.name),
      ...(index && { additional: this.#schemaOf(index.valueType) }),
    }
  }

  /** Leaves out `undefined`, which optional members have. */
  #memberSchema(type: Type): Schema {
    if (!type.isUnionType()) return this.#schemaOf(type)
    const types = type.getTypes().filter(({ flags }) => !(flags & TypeFlags.Undefined))
    const [first] = types
    return types.length === 1 && first
      ? this.#schemaOf(first)
      : { anyOf: types.map((each) => this.#schemaOf(each)) }
  }
}

function isString({ flags }: Type): boolean {
  return (flags & TypeFlags.String) !== 0
}

function qualifiedName(symbol: Symbol | undefined): string {
  if (!symbol) return 'anonymous'
  const parent = symbol.getParent()
  const isNamed = parent !== undefined && !parent.name.startsWith('"')
  return isNamed ? `${qualifiedName(parent)}.${symbol.name}` : symbol.name
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TYPES, readTypes())
