import type { ImportKind } from 'esbuild'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withFlatImports } from '../../tools/build/declarations.ts'
import { findShared, groupByLayer } from '../../tools/build/fewer-files.ts'
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

describe('findShared()', () => {
  /** A chunk of shared code or, with an entry point, of an entry. */
  const chunk = (bytes: number, files: string[], entryPoint?: string) => ({
    ...{ bytes, imports: [], exports: [], ...(entryPoint && { entryPoint }) },
    inputs: Object.fromEntries(files.map((file) => [file, { bytesInOutput: bytes }])),
  })

  it('merges chunks that import no larger one, and finds the entries that need them', () => {
    const inputs = {
      'main.ts': input(['errors.ts']),
      'serve.ts': input(['errors.ts'], ['open.ts'], ['config.ts']),
      'demo.ts': input(['engine.ts']),
      'errors.ts': input(['types.ts']),
      'types.ts': input(),
      'config.ts': input(['errors.ts']),
      'open.ts': input(['engine.ts']),
      'engine.ts': input(),
    }
    const outputs = {
      'main.js': chunk(900, ['main.ts'], 'main.ts'),
      'serve.js': chunk(900, ['serve.ts'], 'serve.ts'),
      'demo.js': chunk(900, ['demo.ts'], 'demo.ts'),
      'chunk-1.js': chunk(2_000, ['errors.ts']),
      'chunk-2.js': chunk(30_000, ['config.ts']),
      'chunk-3.js': chunk(500, ['open.ts']),
      'chunk-4.js': chunk(700_000, ['engine.ts']),
    }
    assert.deepEqual(findShared({ inputs, outputs }), [
      {
        ...{ name: 'shared-small', files: ['errors.ts'] },
        entries: new Set(['main.ts', 'serve.ts']),
      },
      { name: 'shared-medium', files: ['config.ts'], entries: new Set(['serve.ts']) },
    ])
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
