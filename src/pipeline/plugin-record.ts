import type {
  AdminRoute,
  HookName,
  Hooks,
  HookTime,
  PluginDefinition,
  PluginInstance,
  PluginStatus,
  ServerEventName,
} from '../contract/plugins.js'
import {UseCount} from './use-count.js'

/** Failures within this time count towards the plugin's end. */
const FAILURE_WINDOW_MS = 60_000
const FAILURES_TO_BREAK = 5
/** A hook of a built-in plugin is timed on one call in this many. */
const BUILT_IN_TIMED_EVERY = 64

/** One registered hook and the time it took so far. */
export interface BoundHook<Name extends HookName = HookName> {
  readonly plugin: PluginRecord
  readonly name: Name
  readonly run: Hooks[Name]
  /** Calls until one is timed. Each hook counts for itself: with one count for all, some would never have their turn. */
  untilTimed: number
  timedCalls: number
  timedMs: number
}

export interface BoundListener {
  readonly plugin: PluginRecord
  readonly event: ServerEventName
  readonly run: (event: never) => unknown
}

/** A plugin and its checked configuration. */
export interface ConfiguredPlugin {
  readonly definition: PluginDefinition<never>
  readonly config: unknown
  /** What it was loaded by: a name, a path or a package. Undefined for one that came as an object. */
  readonly entry?: string | undefined
}

/** One plugin while it is part of a server: what it registered, and how it fares. */
export class PluginRecord {
  /** What it was made of; undefined for the embedding program. */
  readonly origin: ConfiguredPlugin | undefined
  readonly name: string
  readonly onFailure: 'open' | 'closed'
  readonly isBuiltIn: boolean
  /** Built-in plugins are timed on one message in 64; others on every one, so that a slow one can be named. */
  readonly timedEvery: number
  /** Filled during setup only. */
  readonly hooks: BoundHook[] = []
  readonly listeners: BoundListener[] = []
  /** What ends with the plugin: timers and provided objects. Bounded by what the plugin registers. */
  readonly cleanups = new Set<() => void>()
  /** By method and path, as in `GET stats`; at most 64. */
  readonly routes = new Map<string, AdminRoute>()
  /** Observing hooks and listeners of it that returned a promise. */
  readonly use = new UseCount()
  instance: PluginInstance | undefined
  /** It is in no chain that begins from now on. */
  isDisabled = false
  /** Nothing of it is called any more, and it cannot register anything. */
  hasEnded = false
  /** Settles when it is closed; undefined while it runs. */
  ending: Promise<void> | undefined
  #failures = 0
  #lastFailure: string | null = null
  /** Monotonic times of the last few failures. */
  #recentFailures: number[] = []

  constructor(
    definition: Pick<PluginDefinition<never>, 'name' | 'onFailure'>,
    isBuiltIn: boolean,
    origin?: ConfiguredPlugin,
  ) {
    this.origin = origin
    this.name = definition.name
    this.onFailure = definition.onFailure ?? 'open'
    this.isBuiltIn = isBuiltIn
    this.timedEvery = isBuiltIn ? BUILT_IN_TIMED_EVERY : 1
  }

  /** Notes a failure; true: that was one too many for a plugin that fails open. */
  noteFailure(reason: string, nowMs: number): boolean {
    this.#failures += 1
    this.#lastFailure = reason
    this.#recentFailures = [...this.#recentFailures.slice(1 - FAILURES_TO_BREAK), nowMs]
    return this.onFailure === 'open' && !this.isDisabled && this.#countRecent(nowMs) >= FAILURES_TO_BREAK
  }

  status(nowMs: number): PluginStatus {
    const isFailing = this.#countRecent(nowMs) > 0
    return {
      name: this.name,
      state: this.isDisabled ? 'disabled' : isFailing ? 'failing' : 'running',
      failures: this.#failures,
      lastFailure: this.#lastFailure,
      hooks: this.hooks.map(({name, timedCalls, timedMs}): HookTime => ({hook: name, timedCalls, timedMs})),
    }
  }

  #countRecent(nowMs: number): number {
    return this.#recentFailures.filter(atMs => nowMs - atMs < FAILURE_WINDOW_MS).length
  }
}
