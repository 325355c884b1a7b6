import {expect, test} from 'vitest'
import {EventQueue} from '../../src/util/event-queue.js'

async function all<Event>(queue: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = []
  for await (const event of queue) events.push(event)
  return events
}

test('a reader gets every event in order, those before it came and those after', async () => {
  const queue = new EventQueue<number>()
  queue.push(1)
  expect(await queue.next()).toEqual({done: false, value: 1})
  const [second, third] = [queue.next(), queue.next()]
  queue.push(2)
  queue.push(3)
  expect([(await second).value, (await third).value]).toEqual([2, 3])
})

test('the oldest are dropped when too many wait, and their number stands in their place', async () => {
  const queue = new EventQueue<number>({limit: 3})
  for (const event of [1, 2, 3]) queue.push(event)
  expect((await queue.next()).value).toBe(1)
  for (const event of [4, 5, 6]) queue.push(event)
  expect((await queue.next()).value).toEqual({dropped: 2})
  queue.push(7)
  queue.end()
  expect(await all(queue)).toEqual(
    [4, 5, 6, 7].slice(-3).flatMap((event, index) => (index === 0 ? [{dropped: 1}, event] : [event])),
  )
})

test('what waits at the end is still read, and later events are ignored', async () => {
  const queue = new EventQueue<number>()
  queue.push(1)
  queue.end()
  queue.push(2)
  expect(await all(queue)).toEqual([1])
})

test('the end wakes a reader that waits', async () => {
  const queue = new EventQueue<number>()
  const reading = all(queue)
  queue.end()
  expect(await reading).toEqual([])
})

test('whoever ends it, the writer is told once', async () => {
  const ends: string[] = []
  const returned = new EventQueue<number>({onEnd: () => ends.push('returned')})
  returned.push(1)
  for await (const _ of returned) break
  returned.end()

  const controller = new AbortController()
  const aborted = new EventQueue<number>({signal: controller.signal, onEnd: () => ends.push('aborted')})
  aborted.push(1)
  controller.abort()
  expect(await all(aborted)).toEqual([])
  expect(ends).toEqual(['returned', 'aborted'])
})

test('a reader that is gone before it began gets nothing', async () => {
  const queue = new EventQueue<number>({signal: AbortSignal.abort()})
  queue.push(1)
  expect(queue.hasEnded).toBe(true)
  expect(await all(queue)).toEqual([])
})
