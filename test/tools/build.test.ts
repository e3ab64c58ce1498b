import type { ImportKind } from 'esbuild'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withFlatImports } from '../../tools/build/declarations.ts'
import { groupByLayer } from '../../tools/build/merge-commands.ts'
import { packagesOf } from '../../tools/build/notices.ts'

const input = (...imports: [path: string, kind?: ImportKind][]) => ({
  bytes: 1,
  imports: imports.map(([path, kind = 'import-statement']) => ({ path, kind })),
})

/** The output of a lazily loaded command. */
const output = (name: string, exports: string[]) => ({
  [`dist/${name}.js`]: {
    ...{ bytes: 1, imports: [], inputs: {}, exports },
    entryPoint: `src/cli/commands/${name}.ts`,
  },
})

const inputs = {
  'src/cli/commands/serve.ts': input(['src/cli/open.ts']),
  'src/cli/open.ts': input(['src/entry/gateway.ts']),
  'src/entry/gateway.ts': input(),
  'src/cli/commands/demo.ts': input(['src/entry/gateway.ts'], ['src/simulator/app.ts']),
  'src/simulator/app.ts': input(),
  'src/cli/commands/version.ts': input(['src/entry/gateway.ts', 'dynamic-import']),
}

describe('groupByLayer()', () => {
  it('groups commands by what they load when they start', () => {
    const outputs = {
      ...output('serve', ['serve']),
      ...output('demo', ['demo']),
      ...output('version', ['version']),
    }
    assert.deepEqual(
      groupByLayer({ inputs, outputs }),
      new Map([
        ['with-gateway', ['src/cli/commands/serve.ts']],
        ['with-simulator', ['src/cli/commands/demo.ts']],
        ['without-gateway', ['src/cli/commands/version.ts']],
      ]),
    )
  })

  it('throws for two exports of the same name in one layer', () => {
    const more = { ...inputs, 'src/cli/commands/doctor.ts': input(['src/entry/gateway.ts']) }
    const outputs = { ...output('serve', ['serve', 'flags']), ...output('doctor', ['flags']) }
    assert.throws(
      () => groupByLayer({ inputs: more, outputs }),
      /serve\.ts and src\/cli\/commands\/doctor\.ts must not both export "flags"/,
    )
  })
})

describe('packagesOf()', () => {
  it('names each package once, nested ones too', () => {
    const paths = [
      'src/app.ts',
      'node_modules/hono/dist/hono.js',
      'node_modules/hono/dist/context.js',
      'node_modules/@clack/core/node_modules/sisteransi/src/index.js',
      'node_modules/@clack/core/dist/index.mjs',
    ]
    assert.deepEqual(packagesOf(paths), ['@clack/core', 'hono', 'sisteransi'])
  })
})

describe('withFlatImports()', () => {
  it('refers to declarations in the same folder, and leaves packages alone', () => {
    const text = `import { Hono } from 'hono';\nexport type { A } from '../platform.ts';`
    assert.equal(
      withFlatImports(text, 'package/gateway.ts'),
      `import { Hono } from 'hono';\nexport type { A } from './platform.js';`,
    )
  })

  it('throws for types of a file that is not published', () => {
    assert.throws(
      () => withFlatImports(`import { A } from '../errors.ts';`, 'package/gateway.ts'),
      /package\/gateway\.ts use errors\.ts, which is not published/,
    )
  })
})
