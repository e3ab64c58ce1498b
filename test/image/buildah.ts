import { execFile } from 'node:child_process'
import { access, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The part of an image's configuration that the tests read, in Docker's format. */
export interface ImageConfig {
  User: string
  Env: string[]
  Entrypoint: string[]
  Cmd: string[]
  WorkingDir: string
  StopSignal: string
  Labels: Record<string, string>
  ExposedPorts: Record<string, unknown>
  Healthcheck: { Test: string[] }
}

/** Why images cannot be built here, or `false`. */
export async function missingBuilder(): Promise<string | false> {
  if (process.platform !== 'linux') return 'the image is tested on Linux only'
  if (process.getuid?.() !== 0) return 'not root: run with sudo --preserve-env=PATH'
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = await Promise.all(
    folders.map((folder) => access(join(folder, 'buildah')).then(() => true, () => false)),
  )
  return found.includes(true) ? false : 'buildah not found: apt-get install buildah'
}

/** Builds images with buildah, in a storage of its own below `folder`. */
export class ImageBuilder {
  readonly #folder: string
  readonly #storage: readonly string[]

  constructor(folder: string) {
    this.#folder = folder
    const [root, runroot] = [join(folder, 'storage'), join(folder, 'run')]
    this.#storage = ['--storage-driver', 'vfs', '--root', root, '--runroot', runroot]
  }

  /**
   * Builds an image.
   * @param image its name
   * @param options flags of `buildah build`
   */
  async build(image: string, context: string, options: readonly string[]): Promise<void> {
    const common = ['--quiet', '--isolation', 'chroot', '--format', 'docker']
    await this.#buildah('build', ...common, ...options, '--tag', image, context)
  }

  /** Builds an image that consists of the files of a folder. */
  async buildFromFiles(image: string, files: string): Promise<void> {
    const containerfile = join(this.#folder, 'Containerfile.files')
    await writeFile(containerfile, 'FROM scratch\nCOPY . /\n')
    await this.build(image, files, ['--file', containerfile])
  }

  async config(image: string): Promise<ImageConfig> {
    const text = await this.#buildah('inspect', '--type', 'image', image)
    const { Docker } = JSON.parse(text) as { Docker: { config: ImageConfig } }
    return Docker.config
  }

  /** The bytes of the layers as a registry keeps them, compressed with gzip. */
  async compressedSize(image: string): Promise<number> {
    const folder = join(this.#folder, 'pushed')
    await this.#buildah('push', '--quiet', image, `oci:${folder}:image`)
    const read = async (path: string) =>
      JSON.parse(await readFile(join(folder, path), 'utf8')) as {
        manifests: { digest: string }[]
        layers: { size: number }[]
      }
    const [index] = (await read('index.json')).manifests
    const manifest = await read(`blobs/${index?.digest.replace(':', '/')}`)
    return manifest.layers.reduce((sum, { size }) => sum + size, 0)
  }

  /** Creates a container and returns the folder of its files. */
  async mount(image: string): Promise<string> {
    const container = (await this.#buildah('from', '--pull-never', image)).trim()
    return (await this.#buildah('mount', container)).trim()
  }

  async #buildah(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run('buildah', [...this.#storage, command, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  }
}

/** The packages of the libraries that Node needs, and of the certificate authorities. */
const PACKAGES = ['libc6', 'libstdc++6', 'libgcc-s1', 'ca-certificates']

/** Writes the files of Debian's packages into a folder, as a stand-in for the base image. */
export async function writeDebianFiles(folder: string, downloads: string): Promise<void> {
  await mkdir(downloads, { recursive: true })
  await mkdir(folder, { recursive: true })
  await run('apt-get', ['download', '--quiet', ...PACKAGES], { cwd: downloads })
  for (const file of await readdir(downloads)) {
    await run('dpkg', ['-x', join(downloads, file), folder])
  }
}

/** Writes the executable of the npm package `node`, as a stand-in for the image of Node. */
export async function writeNode(folder: string, repository: string): Promise<void> {
  const bin = join(folder, 'usr/local/bin')
  await mkdir(bin, { recursive: true })
  await cp(join(repository, 'node_modules/node/bin/node'), join(bin, 'node'))
}
