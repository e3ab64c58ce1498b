/**
 * Runs after `npm ci` in a clone, so that `npx oci-gateway` works there: bundles the JavaScript.
 * It is JavaScript, because an installation without development dependencies, which needs no bundle,
 * may run on a Node that cannot execute TypeScript.
 */
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

if (await exists(`${root}node_modules/esbuild`)) {
  const { bundleJavaScript } = await import('./build/javascript.ts')
  // The page of the console is in the repository; only a published package needs its notices.
  await bundleJavaScript(root, `${root}dist`, [])
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function exists(path) {
  return await access(path).then(() => true, () => false)
}
