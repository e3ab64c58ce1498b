import type { SettingTree } from './setting.ts'

/** The gateway and its models, as a client needs them. */
export interface Connection {
  /** The base URL without `/v1`. */
  url: string
  /** Any text if the gateway has no keys. */
  key: string
  /** The model that the client uses. */
  model: ClientModel
  /** The model for titles and other small tasks. */
  smallModel: ClientModel
  /** All models that are written to the client's list, with `model` and `smallModel`. */
  models: readonly ClientModel[]
  /** The id of a model for embeddings, if the gateway has one. */
  embeddingModel: string | undefined
}

/** What clients need to know about a model. */
export interface ClientModel {
  id: string
  /** Maximum tokens of prompt and reply together. */
  contextWindow: number
  maxOutputTokens: number
  images: boolean
  tools: boolean
  reasoning: boolean
}

export type FileFormat = 'json' | 'jsonc' | 'json5' | 'toml' | 'yaml'

/** A configuration file of a client. */
export interface ClientFile {
  /** The path below the folder, with slashes. */
  path: string
  /** Other names that the client reads; the first one that exists is used. */
  alternatives?: readonly string[]
  /** Where the client looks for the file. */
  folder: 'home' | 'current folder'
  /** A variable that replaces the first folders of the path: `CODEX_HOME` replaces `.codex`. */
  movedBy?: { variable: string; replaces: string }
  format: FileFormat
  settings(connection: Connection): SettingTree
}

/** The API of the gateway that a client uses. Base URLs of `messages` have no `/v1`. */
export type ClientApi = 'chat' | 'responses' | 'messages'

export interface ClientCode {
  language: 'js' | 'python' | 'sh'
  text(connection: Connection): string
}

/** A program or library and how it is connected to the gateway. */
export interface ClientDefinition {
  /** The name on the command line and in `docs/clients/`. */
  name: string
  title: string
  api: ClientApi
  /** What its page begins with. */
  intro: string
  /** Sentences about what does not work or needs attention, in Markdown. */
  limits: readonly string[]
  files: readonly ClientFile[]
  /** Environment variables that the client needs besides its files. */
  env?(connection: Connection): Readonly<Record<string, string>>
  /** Source code that creates the client of a library, or a command that sends a request. */
  code?: ClientCode
  /** The product in the `user-agent` of its requests, where it is known. */
  agent?: RegExp
  /** A command that sends a first request. */
  tryIt?: string
}
