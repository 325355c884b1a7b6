import type {PluginHost} from '../../contract/plugins.js'

/** Messages a second whose hooks are timed anyway, and while there are slow ones. */
const USUAL = 16
const WHILE_SLOW = 256
/** Slowness that comes now and then is waited for this long, in seconds. */
const WATCHED_S = 60

/**
 * Decides how many messages have their hooks timed, so that entries of the slow log can say which plugin took the time:
 * few as a rule, more while messages are slow, and never so many that the timing itself makes them slow.
 */
export class TimedMessages {
  readonly #host: Pick<PluginHost, 'timeMessages'>
  #secondsLeft = 0
  #isRaised = false

  constructor(host: Pick<PluginHost, 'timeMessages'>) {
    this.#host = host
  }

  /** A message was slow. */
  noteSlow(): void {
    this.#secondsLeft = WATCHED_S
    if (this.#isRaised) return
    this.#isRaised = true
    this.#host.timeMessages(WHILE_SLOW)
  }

  /** To be called once a second. */
  refill(): void {
    this.#isRaised = this.#secondsLeft > 0
    this.#secondsLeft = Math.max(0, this.#secondsLeft - 1)
    this.#host.timeMessages(this.#isRaised ? WHILE_SLOW : USUAL)
  }
}
