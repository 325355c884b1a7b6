import type {SqlValue, Statement} from '../contract/store.js'
import type {ErrorCode} from '../errors.js'

/** What the main thread and the threads of the store say to each other. All of it is cloned on its way. */

/** What a thread is for. `writer` of a store in memory answers queries, too, and makes its copies. */
export type StoreRole = 'writer' | 'reader' | 'copier'

/** The `workerData` of a thread. */
export interface StoreThreadStart {
  readonly role: StoreRole
  /** Null: in memory. */
  readonly file: string | null
  /** For the name of a file that has to be set aside, in milliseconds since the epoch. */
  readonly nowMs: number
}

export type StoreRequest =
  | {readonly kind: 'write'; readonly statements: readonly Statement[]}
  /** Appends of one batch stand and fall together from the first that finds the disk broken. */
  | {readonly kind: 'append'; readonly batch: number; readonly statements: readonly Statement[]}
  | {readonly kind: 'migrate'; readonly owner: string; readonly steps: readonly string[]}
  | {readonly kind: 'query'; readonly sql: string; readonly params: readonly SqlValue[]; readonly maxRows: number}
  | {readonly kind: 'backup'; readonly path: string}
  | {readonly kind: 'close'}

export type RequestOf<Kind extends StoreRequest['kind']> = Extract<StoreRequest, {kind: Kind}>

export interface NumberedRequest {
  readonly id: number
  readonly request: StoreRequest
}

/** Why something was not done. */
export interface StoreFailure {
  readonly code: ErrorCode
  readonly message: string
  /** It is the store's fault and not the statement's: nothing can be kept at the moment. */
  readonly state?: 'disk_full' | 'read_only' | 'failed'
  /** Trying again is useless until the next start. */
  readonly isFinal?: true
  /** The thread died: it may have been stored all the same. */
  readonly isUncertain?: true
}

export interface StoreAnswer {
  readonly id: number
  readonly value?: unknown
  readonly failure?: StoreFailure
}

export interface Salvage {
  readonly file: string
  readonly rows: number
  readonly lostTables: readonly string[]
}

export type StoreReply =
  | {readonly kind: 'opened'; readonly salvage: Salvage | null; readonly sizeBytes: number}
  | {readonly kind: 'refused'; readonly failure: StoreFailure}
  | {
      readonly kind: 'answers'
      readonly answers: readonly StoreAnswer[]
      /** Of the writer: commits since its last answers, and the size of the files. */
      readonly progress?: {readonly commits: number; readonly sizeBytes: number}
    }
