/** The server broke a promise. The message is one sentence that says which and where. */
export class OrderViolation extends Error {
  override readonly name = 'OrderViolation'
}

/** @throws {OrderViolation} unless `isTrue`. The words are made only then: this is asked millions of times. */
export function expectThat(isTrue: boolean, explain: () => string): asserts isTrue {
  if (!isTrue) throw new OrderViolation(explain())
}
