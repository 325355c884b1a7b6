import type {AddressState} from './address-state.js'
import {FloodMeter} from './flood-meter.js'
import {Pace} from './pace.js'
import {ReadRun} from './read-run.js'
import {RecentRefusals} from './recent-refusals.js'
import {SlidingWindow} from './sliding-window.js'
import {Ordered} from './state-table.js'
import {Suspicion} from './suspicion.js'
import {Violations} from './violations.js'

/**
 * What is known of one user while it is fresh. Blocks are kept elsewhere: this may have to make room for others. There may
 * be a hundred thousand of these, so what most users never need is made with its first use.
 */
export class UserState extends Ordered<UserState> {
  readonly userId: number
  /** As of the last message; null: none yet. */
  addressText: string | null = null
  /** Where the user's messages are charged, too; null: the address is exempt from rules. */
  address: AddressState | null = null
  readonly messages = new SlidingWindow()
  admitted = 0
  refused = 0
  /** Read of the last violation: all those within one read are one. */
  violationReadId = -1
  /** On the allow-list. */
  isExempt = false
  /** Of the allow-list, when the exemptions above were looked up. */
  allowVersion = -1
  /** When they have to be looked up again; monotonic time. Null: they have no end. */
  recheckAtMs: number | null = null
  #actions: Pace | null = null
  #heartbeats: Pace | null = null
  #run: ReadRun | null = null
  #suspicion: Suspicion | null = null
  #violations: Violations | null = null
  #flood: FloodMeter | null = null
  #refusals: RecentRefusals | null = null

  constructor(userId: number) {
    super()
    this.userId = userId
  }

  get actions(): Pace {
    this.#actions ??= new Pace()
    return this.#actions
  }

  get heartbeats(): Pace {
    this.#heartbeats ??= new Pace()
    return this.#heartbeats
  }

  get run(): ReadRun {
    this.#run ??= new ReadRun()
    return this.#run
  }

  get suspicion(): Suspicion {
    this.#suspicion ??= new Suspicion()
    return this.#suspicion
  }

  get violations(): Violations {
    this.#violations ??= new Violations()
    return this.#violations
  }

  get flood(): FloodMeter {
    this.#flood ??= new FloodMeter()
    return this.#flood
  }

  get refusals(): RecentRefusals {
    this.#refusals ??= new RecentRefusals()
    return this.#refusals
  }

  /** Something counted against the user, and may have faded since. */
  get isMarked(): boolean {
    return this.#suspicion?.isMarked === true || this.#violations?.isEmpty === false
  }

  /** Forgets what counts against the user. */
  pardon(): void {
    this.#suspicion?.clear()
    this.#violations?.clear()
  }
}
