#!/usr/bin/env node
import process from 'node:process'

/** The first Node 22 with the decoder of zstd. Below it, the modules of the gateway do not load. */
const MINIMUM = [22, 15]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const [minMajor = 0, minMinor = 0] = MINIMUM
if (major > minMajor || (major === minMajor && minor >= minMinor)) {
  await import('../cli/main.ts')
} else {
  process.stderr.write(
    `oci-gateway needs Node ${MINIMUM.join('.')} or later, or Bun, or Deno. ` +
      `This is Node ${process.versions.node}\n`,
  )
  process.exitCode = 1
}
