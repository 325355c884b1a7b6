import type {AddressRange} from '../../util/address-range.js'
import {FloodMeter} from './flood-meter.js'
import {SlidingWindow} from './sliding-window.js'
import {Violations} from './violations.js'

/** Up to here an address's messages are counted one by one: its users together may use up what is theirs. */
const MAX_EXACT = 4096

/** What is known of one address, or of one network of IPv6. */
export class AddressState {
  /** What a block of it is called. */
  readonly range: AddressRange
  /** Connections before `welcome`. */
  newcomers = 0
  /** Connected users. */
  users = 0
  readonly connects = new SlidingWindow()
  /** Frames before `welcome`. */
  readonly frames = new SlidingWindow()
  /** Messages of its users. */
  readonly messages = new SlidingWindow(MAX_EXACT)
  readonly violations = new Violations()
  readonly flood = new FloodMeter()
  violationSecond = -1

  constructor(range: AddressRange) {
    this.range = range
  }

  get isInUse(): boolean {
    return this.newcomers > 0 || this.users > 0
  }
}
