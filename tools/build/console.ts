import { build, type BuildOptions, type Plugin } from 'esbuild'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { instructionsFor } from '../../src/cli/connect/instructions.ts'
import type { ClientModel, Connection } from '../../src/clients/client.ts'
import { CLIENTS } from '../../src/clients/table.ts'
import { type ClientText, PLACEHOLDERS } from '../../src/console/client-texts.ts'

/** The generated module, below the directory of the repository. */
const GENERATED = 'src/console/page.generated.ts'

/** Browsers with `light-dark()` and `Promise.withResolvers()`: of 2024 or later. */
const TARGET = ['chrome123', 'firefox121', 'safari17.5']

/** The page and the hashes of its only script and style sheet, for the content security policy. */
export interface Page {
  html: string
  scriptHash: string
  styleHash: string
  /** The files that it is built from, as esbuild names them. */
  inputs: readonly string[]
}

/**
 * Writes the module with the console's page, unless it is current. Its bytes differ between versions
 * of zlib, so that only a change of the page changes the file. Returns the files that it is built from.
 */
export async function writeConsolePage(root: string): Promise<readonly string[]> {
  const page = await buildPage(root)
  const { html } = await readGenerated(root)
  if (html !== page.html) await writeFile(`${root}${GENERATED}`, renderModule(page))
  return page.inputs
}

/** Builds the page: one file without any reference to another one. */
export async function buildPage(root: string): Promise<Page> {
  const [{ script, inputs }, style] = await Promise.all([bundleScript(root), bundleStyle(root)])
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>OCI gateway</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:image/svg+xml,${ICON}">
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<noscript>The console needs JavaScript.</noscript>
<script type="module">${script}</script>
</body>
</html>
`
  return { html, scriptHash: hashOf(script), styleHash: hashOf(style), inputs }
}

/** The page in the generated module; empty if there is none. */
export async function readGenerated(root: string): Promise<{ html: string; gzipBytes: number }> {
  const text = await readFile(`${root}${GENERATED}`, 'utf8').catch(() => '')
  const base64 = /GZIP =\s+'([^']+)'/.exec(text)?.[1]
  if (base64 === undefined) return { html: '', gzipBytes: 0 }
  const bytes = Buffer.from(base64, 'base64')
  return { html: gunzipSync(bytes).toString('utf8'), gzipBytes: bytes.length }
}

const ICON =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='4' fill='%230b6678'/><path d='M4 8h8M9 5l3 3-3 3' fill='none' stroke='%23fff'/></svg>"

function renderModule({ html, scriptHash, styleHash }: Page): string {
  const gzip = gzipSync(html, { level: 9 })
  // The operating system, which zlib notes, does not matter.
  gzip[9] = 255
  return `// Made by tools/build.ts from the sources beside it. Do not edit.
export const SCRIPT_HASH = '${scriptHash}'
export const STYLE_HASH = '${styleHash}'
export const GZIP = '${gzip.toString('base64')}'
`
}

const COMMON = {
  ...{ bundle: true, minify: true, write: false, charset: 'utf8', target: TARGET },
  ...{ legalComments: 'none', logLevel: 'warning' },
} as const satisfies BuildOptions

async function bundleScript(root: string): Promise<{ script: string; inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    metafile: true,
    absWorkingDir: root,
    entryPoints: ['src/console/main.tsx'],
    ...{ format: 'esm', platform: 'browser', jsx: 'automatic', jsxImportSource: 'preact' },
    plugins: [withoutDefaultNames, withoutHtmlNames],
    define: { CLIENT_TEXTS: JSON.stringify(await clientTexts()) },
  })
  // An HTML parser ends the element at this text, and treats the other one as its continuation.
  const script = textOf(outputFiles).replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--')
  return { script, inputs: Object.keys(metafile.inputs) }
}

/** DOMPurify's lists of elements and attributes of HTML, SVG and MathML. */
const DEFAULT_NAMES = /^(const (?:html|svg|mathMl)\w*(?:\$1)? = freeze\()\[[^\]]*\]/gm

/**
 * Empties the lists of names that DOMPurify allows by default, which are two kilobytes of the page. The
 * console passes its own list, which is much shorter.
 */
const withoutDefaultNames: Plugin = {
  name: 'without-default-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]purify\.es\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (source.match(DEFAULT_NAMES)?.length !== 9) throw new Error(path + ' has other lists')
      return { contents: source.replaceAll(DEFAULT_NAMES, '$1[]'), loader: 'js' }
    })
  },
}

/** The names of elements that begin a block of HTML, in a pattern of marked. */
const HTML_NAMES = /(["'`])address\|article\|[\w|[\]-]+\1/g

/** Shortens a pattern of marked: the console shows HTML as text, in a block or in a line. */
const withoutHtmlNames: Plugin = {
  name: 'without-html-names',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (source.match(HTML_NAMES)?.length !== 1) throw new Error(path + ' has another pattern')
      return { contents: source.replace(HTML_NAMES, '$1div$1'), loader: 'js' }
    })
  },
}

async function bundleStyle(root: string): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['src/console/style.css'],
  })
  return textOf(outputFiles)
}

function textOf([file]: readonly { text: string }[]): string {
  return file?.text.trim() ?? ''
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** A model with everything, whose texts the page replaces. */
const MODEL: ClientModel = {
  id: PLACEHOLDERS.model,
  contextWindow: PLACEHOLDERS.contextWindow,
  maxOutputTokens: PLACEHOLDERS.maxOutputTokens,
  ...{ images: true, tools: true, reasoning: true },
}

const CONNECTION: Connection = {
  ...{ url: PLACEHOLDERS.url, key: PLACEHOLDERS.key },
  ...{ model: MODEL, smallModel: MODEL, models: [MODEL], embeddingModel: undefined },
}

/** What each client needs, as `oci-gateway connect` prints it. */
async function clientTexts(): Promise<readonly ClientText[]> {
  return await Promise.all(CLIENTS.map(async (client) => {
    const instructions = await instructionsFor(client, CONNECTION)
    return {
      ...{ name: client.name, title: client.title, api: client.api },
      ...{ agent: client.agent?.source ?? '', tryIt: client.tryIt ?? '' },
      hasFiles: client.files.length > 0,
      parts: instructions.map(({ heading, text }) => ({ heading, text })),
    }
  }))
}
