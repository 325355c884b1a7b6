import type {AdminClient} from '../../client/admin/admin-client.js'
import type {GsError} from '../../errors.js'
import {LogFollower} from '../../ops/top/log-follower.js'
import {actOnServer, type TopAction, type TopActionResult} from '../../ops/top/top-actions.js'
import {TopPoller} from '../../ops/top/top-poller.js'
import {TopReader} from '../../ops/top/top-reader.js'
import type {TopQuery, TopSample} from '../../ops/top/top-sample.js'
import {writeSnapshot} from '../../ops/top/write-snapshot.js'
import {drawFrame, type TopFrame} from './draw-frame.js'
import {glyphsFor} from './glyphs.js'
import {History} from './history.js'
import type {ScreenSize} from './layout.js'
import {type ListWindow, settleCursor} from './move-cursor.js'
import {pressKey} from './press-key.js'
import type {TopEffect} from './top-effect.js'
import {fromLog, MAX_EVENTS, type TopEvent} from './top-events.js'
import {queryFor, showsEvents, windowFor} from './top-query.js'
import {beginTop, type TopOptions, type TopState, withMessage} from './top-state.js'

export interface TopSessionOptions {
  readonly client: AdminClient
  readonly options: TopOptions
  readonly isUtf8: boolean
  /** Where snapshots are written. */
  readonly folder: string
  /** Who acts, for the audit. */
  readonly actor: string
  readonly nowMs: () => number
}

/** What a screen does for its session. */
export interface TopScreen {
  onChange(): void
  suspend(): void
  redraw(): void
}

/** Brings together what is asked of the server, what keys do, and what is drawn; knows no terminal. */
export class TopSession {
  readonly #options: TopSessionOptions
  readonly #poller: TopPoller
  readonly #log: LogFollower
  readonly #history = new History()
  readonly #finished = Promise.withResolvers<void>()
  #screen: TopScreen | undefined
  #size: ScreenSize = {columns: 80, rows: 24}
  #state: TopState
  #sample: TopSample | undefined
  /** Newest first; bounded by `MAX_EVENTS`. */
  #events: TopEvent[] = []
  #isClosed = false

  constructor(options: TopSessionOptions) {
    this.#options = options
    this.#state = beginTop(options.options)
    const {client, nowMs} = options
    const reader = new TopReader({client, nowMs})
    this.#poller = new TopPoller({
      read: (query: TopQuery) => reader.read(query),
      query: queryFor(this.#state, this.#size),
      intervalMs: this.#state.intervalMs,
      onSample: sample => this.#took(sample),
      onLost: error => this.#lost(error),
      onFault: error => this.#finished.reject(error),
    })
    this.#log = new LogFollower({client, onEvent: event => this.#note(fromLog(event, nowMs()))})
  }

  /** Resolves when the person leaves; rejects with what makes it pointless to go on. */
  get finished(): Promise<void> {
    return this.#finished.promise
  }

  start(screen: TopScreen): void {
    this.#screen = screen
    this.#poller.start()
    this.#log.isWanted = showsEvents(this.#state, this.#size)
  }

  close(): void {
    this.#isClosed = true
    this.#poller.close()
    this.#log.close()
    this.#finished.resolve()
  }

  resize(size: ScreenSize): void {
    this.#size = size
    this.#become(settleCursor(this.#state, this.#window))
  }

  press(key: string): void {
    const {state, effect} = pressKey(this.#state, key, {window: this.#window, nowMs: this.#options.nowMs()})
    this.#become(state)
    if (effect !== undefined) this.#do(effect)
  }

  frame({hasLineCharts}: {hasLineCharts: boolean}): TopFrame {
    const {isUtf8, nowMs} = this.#options
    const input = {
      state: this.#state,
      sample: this.#sample,
      history: this.#history,
      events: this.#events,
      glyphs: glyphsFor(isUtf8),
      isUtf8,
      nowMs: nowMs(),
    }
    return drawFrame(input, this.#size, {hasLineCharts})
  }

  get #window(): ListWindow {
    return windowFor(this.#state, this.#size, {sample: this.#sample, eventCount: this.#events.length})
  }

  #become(state: TopState): void {
    // What was under way when the person left has nobody to tell.
    if (this.#isClosed) return
    this.#state = state
    this.#poller.isPaused = state.isPaused
    this.#poller.intervalMs = state.intervalMs
    this.#poller.ask(queryFor(state, this.#size))
    this.#log.isWanted = showsEvents(state, this.#size)
    this.#screen?.onChange()
  }

  #took(sample: TopSample): void {
    const {link} = this.#state
    const before = this.#sample
    this.#sample = sample
    this.#remember(sample)
    if (link.kind === 'lost') {
      const isOther = before !== undefined && before.status.pid !== sample.status.pid
      this.#log.again()
      this.#note(this.#own(isOther ? 'the server is back, started anew' : 'the server answers again', 'good'))
    }
    this.#become(settleCursor({...this.#state, link: {kind: 'connected'}}, this.#window))
  }

  /** Where the server remembers by itself, curves are asked for when they are shown. */
  #remember({history, metrics, numbers, takenAtMs}: TopSample): void {
    if (history === undefined) {
      if (metrics === null) this.#history.add({atMs: takenAtMs, ...numbers})
      return
    }
    const points = history.samples.map(sample => ({...sample, atMs: Date.parse(sample.timestamp)}))
    if (history.isWhole) this.#history.begin(points)
    else for (const point of points) this.#history.add(point)
  }

  #lost(error: GsError): void {
    const nowMs = this.#options.nowMs()
    const {link} = this.#state
    if (link.kind !== 'lost') this.#note(this.#own(error.message, 'bad'))
    const sinceMs = link.kind === 'lost' ? link.sinceMs : nowMs
    this.#become({...this.#state, link: {kind: 'lost', sinceMs, reason: error.message}})
  }

  #do(effect: TopEffect): void {
    switch (effect.kind) {
      case 'quit':
        this.#finished.resolve()
        return
      case 'suspend':
        this.#screen?.suspend()
        return
      case 'redraw':
        this.#screen?.redraw()
        return
      case 'snapshot':
        this.#tell(this.#writeSnapshot())
        return
      case 'act':
        this.#tell(this.#act(effect.action))
    }
  }

  async #writeSnapshot(): Promise<TopActionResult> {
    if (this.#sample === undefined) return {words: 'there is nothing to write yet', isDone: false}
    const {folder, nowMs} = this.#options
    return {words: `wrote ${await writeSnapshot(this.#sample, {folder, nowMs: nowMs()})}`, isDone: true}
  }

  async #act(action: TopAction): Promise<TopActionResult> {
    const {client, actor} = this.#options
    const result = await actOnServer(client, action, actor)
    this.#note(this.#own(result.words, toneOf(result)))
    this.#poller.lookNow()
    return result
  }

  /** Says how something ended, in the last line. */
  #tell(result: Promise<TopActionResult>): void {
    const say = (text: string, tone: OwnTone) =>
      this.#become(withMessage(this.#state, text, tone, this.#options.nowMs()))
    result.then(
      done => say(done.words, toneOf(done)),
      (error: Error) => say(error.message, 'bad'),
    )
  }

  #own(text: string, tone: OwnTone): TopEvent {
    return {atMs: this.#options.nowMs(), tone, mark: 'top', text}
  }

  #note(event: TopEvent): void {
    if (this.#isClosed) return
    this.#events = [event, ...this.#events].slice(0, MAX_EVENTS)
    this.#screen?.onChange()
  }
}

type OwnTone = 'good' | 'warning' | 'bad'

function toneOf({isDone}: TopActionResult): OwnTone {
  return isDone ? 'good' : 'warning'
}
