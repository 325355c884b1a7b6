/**
 * What a publisher writes at the front of each message, so that it knows its own when it comes back, and when it left:
 * `~`, its number in 6 digits, and the time in microseconds as 8 digits of base 36. Of fixed length, so that a ready
 * frame is copied and only the time is written into it.
 */
const TILDE = 0x7e
const SENDER_DIGITS = 6
const TIME_DIGITS = 8
const TIME_AT = 1 + SENDER_DIGITS
const BASE = 36
const ZERO = 0x30
const LETTER_SHIFT = 0x61 - 10
const FILLER = 'lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor '

/** A message cannot be shorter than its stamp. */
export const MIN_PAYLOAD_BYTES = 16

/** The text of a publisher's messages, with a stamp that has no time yet. */
export function stampedText(sender: number, payloadBytes: number): string {
  const stamp = `~${String(sender).padStart(SENDER_DIGITS, '0')}${'0'.repeat(TIME_DIGITS)}`
  return stamp + FILLER.repeat(Math.ceil(payloadBytes / FILLER.length)).slice(0, payloadBytes - stamp.length)
}

/** Writes and reads the stamps of one publisher. */
export class Stamp {
  readonly #mark: Buffer
  /** Where the stamp is in this publisher's own frames as they come back; -1: none has come yet. */
  #offset = -1

  constructor(sender: number) {
    this.#mark = Buffer.from(stampedText(sender, MIN_PAYLOAD_BYTES).slice(0, TIME_AT))
  }

  /** Where the stamp is in a frame that is to be sent. */
  findIn(frame: Buffer): number {
    return frame.indexOf(this.#mark)
  }

  /** Puts a time, in whole microseconds and below 2^40, into a frame whose stamp is at `at`. */
  write(frame: Buffer, at: number, timeUs: number): void {
    let rest = timeUs
    for (let digitAt = at + TIME_AT + TIME_DIGITS - 1; digitAt >= at + TIME_AT; digitAt -= 1) {
      const digit = rest % BASE
      frame[digitAt] = digit < 10 ? ZERO + digit : LETTER_SHIFT + digit
      rest = (rest - digit) / BASE
    }
  }

  /** How long the frame between `start` and `end` was on its way, in microseconds; -1 when it is somebody else's. */
  ageUs(bytes: Buffer, start: number, end: number, nowUs: number): number {
    const at = this.#locate(bytes, start, end)
    if (at === -1) return -1
    let timeUs = 0
    for (let digitAt = at + TIME_AT; digitAt < at + TIME_AT + TIME_DIGITS; digitAt += 1) {
      const code = bytes[digitAt] as number
      timeUs = timeUs * BASE + (code < 0x3a ? code - ZERO : code - LETTER_SHIFT)
    }
    return Math.max(0, nowUs - timeUs)
  }

  /** Own frames differ in nothing before the stamp, so it is searched for once. */
  #locate(bytes: Buffer, start: number, end: number): number {
    const known = start + this.#offset
    if (this.#offset !== -1 && bytes[known] === TILDE) return this.#isOwn(bytes, known) ? known : -1
    const found = bytes.subarray(start, end).indexOf(this.#mark)
    if (found === -1) return -1
    this.#offset = found
    return start + found
  }

  #isOwn(bytes: Buffer, at: number): boolean {
    for (let index = 1; index < TIME_AT; index += 1) if (bytes[at + index] !== this.#mark[index]) return false
    return true
  }
}
