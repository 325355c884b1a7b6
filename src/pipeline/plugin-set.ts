import type {PluginDefinition, PluginStatus, ServerEventName, ServerEvents} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import {BUILT_IN_ORDER, buildHookChains} from './hook-chains.js'
import {type HookLimits, HookRunner} from './hook-runner.js'
import {assertEventName, createPluginHost, type SharedHost} from './plugin-host.js'
import {type BoundListener, PluginRecord} from './plugin-record.js'

/** How long a plugin may take to close. */
const CLOSE_TIMEOUT_MS = 3000

/** A plugin and its checked configuration. */
export interface ConfiguredPlugin {
  readonly definition: PluginDefinition<never>
  readonly config: unknown
}

/** The plugins of one server: set up in order, closed in reverse, taken out when they break. */
export class PluginSet {
  readonly runner: HookRunner
  /** Objects that plugins provide, by name. */
  readonly provided = new Map<string, object>()
  readonly #shared: SharedHost
  /** In the order of setup, disabled ones included; bounded by the configuration. */
  readonly #records: PluginRecord[] = []
  /** Stands for the program that embeds the server: its listeners are contained, but never taken out. */
  readonly #application = new PluginRecord({name: 'application', onFailure: 'closed'}, false)

  constructor({limits, ...shared}: SharedHost & {limits: HookLimits}) {
    this.#shared = shared
    this.runner = new HookRunner({
      chains: buildHookChains([]),
      clock: shared.clock,
      log: shared.log,
      counters: shared.counters,
      limits,
      onBroken: plugin => this.#disableBroken(plugin),
    })
  }

  /**
   * Sets a plugin up. If that fails nothing of it stays behind.
   *
   * @throws {GsError} plugin_invalid for a name that is taken; plugin_setup_failed when its setup throws.
   */
  async add({definition, config}: ConfiguredPlugin): Promise<void> {
    if (this.#records.some(record => record.name === definition.name && !record.isDisabled)) {
      throw new GsError('plugin_invalid', `there is a plugin ${definition.name} already`)
    }
    const record = new PluginRecord(definition, BUILT_IN_ORDER.includes(definition.name))
    try {
      const {provided, runner} = this
      const host = createPluginHost(record, this.#shared, {provided, contain: runner.contain})
      record.instance = (await definition.setup(host, config as never)) ?? undefined
    } catch (error) {
      runCleanups(record)
      throw new GsError('plugin_setup_failed', `plugin ${definition.name} failed to start: ${describe(error)}`, {
        cause: error,
      })
    }
    this.#records.push(record)
    this.#rebuild()
  }

  /** Listens on behalf of the embedding program. Returns a function that ends it. */
  listen<Name extends ServerEventName>(event: Name, run: (event: ServerEvents[Name]) => void): () => void {
    assertEventName(event)
    const listener: BoundListener = {plugin: this.#application, event, run: run as BoundListener['run']}
    this.#application.listeners.push(listener)
    this.#rebuild()
    return () => {
      const index = this.#application.listeners.indexOf(listener)
      if (index === -1) return
      this.#application.listeners.splice(index, 1)
      this.#rebuild()
    }
  }

  statuses(): PluginStatus[] {
    const nowMs = this.#shared.clock.monotonicMs()
    return this.#records.map(record => record.status(nowMs))
  }

  /** Closes all plugins, last first, each within 3 s. */
  async close(): Promise<void> {
    for (const record of this.#records.toReversed()) if (!record.isDisabled) await this.#closeRecord(record)
    this.#rebuild()
  }

  #disableBroken(record: PluginRecord): void {
    record.isDisabled = true
    this.#shared.log.error({plugin: record.name}, 'a plugin failed five times within a minute and is disabled now')
    this.#rebuild()
    // Nobody waits for it: closing has its own time limit and reports its own failure.
    void this.#closeRecord(record)
  }

  async #closeRecord(record: PluginRecord): Promise<void> {
    record.isDisabled = true
    runCleanups(record)
    const {promise: expired, reject} = Promise.withResolvers<never>()
    const cancel = this.#shared.clock.after(CLOSE_TIMEOUT_MS, () =>
      reject(new Error(`did not close within ${CLOSE_TIMEOUT_MS} ms`)),
    )
    try {
      await Promise.race([record.instance?.close?.(), expired])
    } catch (error) {
      this.#shared.log.error({plugin: record.name, err: error}, 'a plugin failed to close')
    } finally {
      cancel()
    }
  }

  #rebuild(): void {
    const running = this.#records.filter(record => !record.isDisabled)
    this.runner.chains = buildHookChains([...running, this.#application])
  }
}

function runCleanups(record: PluginRecord): void {
  for (const cleanup of record.cleanups) cleanup()
  record.cleanups.clear()
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
