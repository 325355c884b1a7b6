import {FloodMeter} from './flood-meter.js'
import {SlidingWindow} from './sliding-window.js'
import {Ordered} from './state-table.js'
import {Violations} from './violations.js'

/** Up to here an address's messages are counted one by one: its users together may use up what is theirs. */
const MAX_EXACT = 4096

/** What is known of one address, or of one network of IPv6. Made piece by piece, as is what is known of users. */
export class AddressState extends Ordered<AddressState> {
  /** What a block of it is called: an address or a range. */
  readonly text: string
  /** Connections before `welcome`. */
  newcomers = 0
  /** Connected users. */
  users = 0
  violationSecond = -1
  #connects: SlidingWindow | null = null
  #frames: SlidingWindow | null = null
  #messages: SlidingWindow | null = null
  #violations: Violations | null = null
  #flood: FloodMeter | null = null

  constructor(text: string) {
    super()
    this.text = text
  }

  get connects(): SlidingWindow {
    this.#connects ??= new SlidingWindow()
    return this.#connects
  }

  /** Frames before `welcome`. */
  get frames(): SlidingWindow {
    this.#frames ??= new SlidingWindow()
    return this.#frames
  }

  /** Messages of its users. */
  get messages(): SlidingWindow {
    this.#messages ??= new SlidingWindow(MAX_EXACT)
    return this.#messages
  }

  get violations(): Violations {
    this.#violations ??= new Violations()
    return this.#violations
  }

  get flood(): FloodMeter {
    this.#flood ??= new FloodMeter()
    return this.#flood
  }

  get isInUse(): boolean {
    return this.newcomers > 0 || this.users > 0
  }

  /** Something counted against it, and may have faded since. */
  get isMarked(): boolean {
    return this.#violations?.isEmpty === false
  }
}
