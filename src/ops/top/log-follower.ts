import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Dropped, LogEvent} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import {readLogs} from '../admin/streams.js'

/** Lines of the past to begin with. */
const PAST_LINES = 100

/** The line that the metrics plugin writes at each interval: figures that a dashboard has anyway. */
function isFigures(event: LogEvent | Dropped): boolean {
  return 'message' in event && event.message === 'metrics' && event.fields.plugin === 'metrics'
}

/** Follows a server's log while somebody wants to see it. What was told once is not told again. */
export class LogFollower {
  readonly #client: AdminClient
  readonly #onEvent: (event: LogEvent | Dropped) => void
  #open: AbortController | undefined
  #isWanted = false
  #lastTime = ''

  constructor({client, onEvent}: {client: AdminClient; onEvent: (event: LogEvent | Dropped) => void}) {
    this.#client = client
    this.#onEvent = onEvent
  }

  set isWanted(isWanted: boolean) {
    if (isWanted === this.#isWanted) return
    this.#isWanted = isWanted
    if (isWanted) this.#follow()
    else this.#open?.abort()
  }

  /** After the server was away: whoever followed, follows again. */
  again(): void {
    if (this.#isWanted) this.#follow()
  }

  close(): void {
    this.#isWanted = false
    this.#open?.abort()
  }

  #follow(): void {
    this.#open?.abort()
    const open = new AbortController()
    this.#open = open
    this.#read(open.signal).catch((error: unknown) => {
      // The one who asks for numbers notices that the server is gone; one that keeps no log of its own has nothing to tell.
      if (!GsError.is(error)) throw error
    })
  }

  async #read(signal: AbortSignal): Promise<void> {
    const options = {level: 'info', lines: PAST_LINES, isFollowed: true, signal}
    const isOld = (event: LogEvent | Dropped) => 'time' in event && event.time <= this.#lastTime
    let isPast = this.#lastTime !== ''
    for await (const event of readLogs(this.#client, options)) {
      isPast = isPast && isOld(event)
      if (isPast) continue
      if ('time' in event) this.#lastTime = event.time
      if (!isFigures(event)) this.#onEvent(event)
    }
  }
}
