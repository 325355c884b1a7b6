import {describe, expect, test} from 'vitest'
import type {FrameArrival, SavedGame} from '../../src/contract/plugins.js'
import {GsError} from '../../src/errors.js'
import {attempt, createPluginWorld, guard, raise, refusal} from './plugin-world.js'

const arrival: FrameArrival = {
  sizeBytes: 10,
  userId: 1,
  address: '127.0.0.1',
  readId: 1,
  readAtMs: 0,
  readMonotonicMs: 0,
}
const saved: SavedGame = {game: 'relay', players: [1], state: null, startedAtMs: 0}

describe('the order of hooks', () => {
  test('built-in plugins come first, in their own order; others follow as they were named', async () => {
    const world = createPluginWorld()
    const asked: string[] = []
    for (const name of ['zebra', 'metrics', 'analytics', 'ape', 'cache', 'security']) {
      await world.addGuard(name, () => void asked.push(name))
    }
    world.ask()
    expect(asked).toEqual(['security', 'cache', 'analytics', 'metrics', 'zebra', 'ape'])
  })

  test('afterMessage runs in reverse, and several hooks of one plugin keep their place', async () => {
    const world = createPluginWorld()
    const told: string[] = []
    for (const name of ['ape', 'security', 'metrics']) {
      await world.add(name, host => {
        host.hook('afterMessage', () => void told.push(`${name} 1`))
        host.hook('afterMessage', () => void told.push(`${name} 2`))
      })
    }
    world.tell()
    expect(told).toEqual(['ape 2', 'ape 1', 'metrics 2', 'metrics 1', 'security 2', 'security 1'])
  })

  test('a late hook is waited for before the next one is asked', async () => {
    const world = createPluginWorld()
    const asked: string[] = []
    const late = Promise.withResolvers<void>()
    await world.addGuard('security', () => late.promise.then(() => asked.push('security')))
    await world.addGuard('metrics', () => void asked.push('metrics'))
    const verdict = world.ask()
    expect(asked).toEqual([])
    late.resolve()
    expect(await verdict).toBeNull()
    expect(asked).toEqual(['security', 'metrics'])
  })

  test('after a refusal nobody else is asked', async () => {
    const world = createPluginWorld()
    const asked: string[] = []
    await world.addGuard('one', () => raise(refusal('first')))
    await world.addGuard('two', () => void asked.push('two'))
    expect(world.ask()).toMatchObject({code: 'rate_limited', rule: 'first'})
    expect(asked).toEqual([])
  })
})

describe('synchronous hooks cost no promise', () => {
  test.each([
    ['nobody objects', () => undefined, null],
    ['somebody refuses', () => raise(refusal('here')), expect.any(GsError)],
    ['somebody fails', () => raise(new TypeError('a bug')), null],
  ])('the verdict itself is returned when %s', async (_, run, verdict) => {
    const world = createPluginWorld()
    await world.addGuard('plain', run)
    expect(world.ask()).toEqual(verdict)
  })

  test('a chain without hooks has no objection', () => {
    expect(createPluginWorld().ask()).toBeNull()
  })

  test('a late refusal arrives as the same error', async () => {
    const world = createPluginWorld()
    const error = refusal('late', {retryAfterMs: 50})
    await world.addGuard('late', async () => raise(error))
    expect(await world.ask()).toBe(error)
  })
})

/** What a hook may do wrong. */
const WRONG: Array<[string, () => unknown]> = [
  ['throws an error', () => raise(new TypeError('a bug'))],
  ['throws undefined', () => raise(undefined)],
  ['throws a string', () => raise('no')],
  ['refuses with a code that is not for the wire', () => raise(new GsError('plugin_not_found', 'gone'))],
  ['rejects', async () => raise(new Error('later'))],
  ['rejects with undefined', () => Promise.reject()],
]

describe('a failing hook', () => {
  test.each(WRONG)('is contained, counted and named when it %s; the message goes on', async (_, run) => {
    const world = createPluginWorld()
    const asked: string[] = []
    await world.addGuard('broken', run)
    await world.addGuard('sound', () => void asked.push('sound'))
    expect(await world.ask()).toBeNull()
    expect(asked).toEqual(['sound'])
    expect(world.counters.hookFailures).toBe(1)
    expect(world.statusOf('broken')).toMatchObject({state: 'failing', failures: 1})
    expect(world.statusOf('broken')?.lastFailure).toMatch(/^beforeMessage: /)
    expect(world.log.lines).toMatchObject([{level: 'error', fields: {plugin: 'broken', hook: 'beforeMessage'}}])
  })

  test.each(WRONG)('of a plugin that fails closed refuses the message when it %s', async (_, run) => {
    const world = createPluginWorld()
    await world.addGuard('strict', run, 'closed')
    expect(await world.ask()).toMatchObject({code: 'plugin_failed', message: 'strict failed', consequence: 'answer'})
  })

  test.each([
    ['open', null],
    ['closed', expect.objectContaining({code: 'plugin_failed'})],
  ] as const)('that never settles is given up after a second; its plugin fails %s', async (onFailure, verdict) => {
    const world = createPluginWorld()
    await world.addGuard('endless', () => new Promise(() => {}), onFailure)
    let outcome: unknown = 'waiting'
    const asked = Promise.resolve(world.ask()).then(late => {
      outcome = late
    })
    world.clock.advance(999)
    await new Promise(resolve => setImmediate(resolve))
    expect(outcome).toBe('waiting')
    world.clock.advance(1)
    await asked
    expect(outcome).toEqual(verdict)
    expect(world.statusOf('endless')?.lastFailure).toBe('beforeMessage: did not settle within 1000 ms')
  })

  test('that rejects after it was given up fails once', async () => {
    const world = createPluginWorld()
    const late = Promise.withResolvers<void>()
    await world.addGuard('slow', () => late.promise)
    const verdict = world.ask()
    world.clock.advance(1000)
    expect(await verdict).toBeNull()
    late.reject(new Error('too late to matter'))
    await new Promise(resolve => setImmediate(resolve))
    expect(world.statusOf('slow')?.failures).toBe(1)
  })

  test.each([[false], ['no'], [0], [{code: 'rate_limited'}], [new GsError('rate_limited', 'returned, not thrown')]])(
    'is not one that returns %o: only a throw refuses',
    async value => {
      const world = createPluginWorld()
      await world.addGuard('talkative', () => value)
      expect(world.ask()).toBeNull()
      expect(world.counters.hookFailures).toBe(0)
    },
  )

  test('of frameReceived must answer at once: a promise is a failure, and its rejection hurts nobody', async () => {
    const world = createPluginWorld()
    await world.add('hasty', host => host.hook('frameReceived', () => Promise.reject(new Error('later')) as never))
    expect(world.runner.askNow(world.runner.chains.frameReceived, arrival)).toBeNull()
    await new Promise(resolve => setImmediate(resolve))
    expect(world.statusOf('hasty')?.failures).toBe(2)
  })

  test('of an observer is contained, and the other observers are told', async () => {
    const world = createPluginWorld()
    const told: string[] = []
    await world.add('first', host => host.hook('afterMessage', () => void told.push('first')))
    await world.add('second', host => host.hook('afterMessage', () => raise(new Error('no'))))
    await world.add('third', host => host.hook('afterMessage', () => Promise.reject(new Error('later')) as never))
    world.tell()
    await new Promise(resolve => setImmediate(resolve))
    expect(told).toEqual(['first'])
    expect(world.counters.hookFailures).toBe(2)
  })
})

describe('the time hooks take', () => {
  test('a built-in plugin is timed on one call in 64, in each of its hooks', async () => {
    const world = createPluginWorld()
    await world.add('metrics', host => {
      guard(host, () => world.clock.stall(1))
      host.hook('afterMessage', () => world.clock.stall(2))
    })
    const times = () => world.statusOf('metrics')?.hooks
    for (let message = 0; message < 63; message += 1) {
      world.ask()
      world.tell()
    }
    expect(times()).toMatchObject([{timedCalls: 0}, {timedCalls: 0}])
    for (let message = 0; message < 65; message += 1) {
      world.ask()
      world.tell()
    }
    expect(times()).toEqual([
      {hook: 'beforeMessage', timedCalls: 2, timedMs: 2},
      {hook: 'afterMessage', timedCalls: 2, timedMs: 4},
    ])
  })

  test('any other plugin is timed on every call, failing ones too', async () => {
    const world = createPluginWorld()
    await world.addGuard('third-party', () => {
      world.clock.stall(3)
      throw refusal('always')
    })
    for (let message = 0; message < 5; message += 1) world.ask()
    expect(world.statusOf('third-party')?.hooks).toEqual([{hook: 'beforeMessage', timedCalls: 5, timedMs: 15}])
  })

  test.each([
    [250, []],
    [251, [{level: 'warn', fields: {plugin: 'heavy', hook: 'beforeMessage', elapsedMs: 251}}]],
  ])('a hook that stops the server for %i ms is named only above 250', async (stallMs, lines) => {
    const world = createPluginWorld()
    await world.addGuard('heavy', () => world.clock.stall(stallMs))
    world.ask()
    expect(world.log.lines).toMatchObject(lines)
  })
})

describe('a saved game', () => {
  test('is the first that a provider has; those after it are not asked', async () => {
    const world = createPluginWorld()
    const asked: string[] = []
    await world.add('empty', host => host.hook('restoreGame', () => void asked.push('empty')))
    await world.add('full', host => host.hook('restoreGame', () => saved))
    await world.add('never', host => host.hook('restoreGame', () => void asked.push('never')))
    expect(world.runner.restoreGame(7)).toBe(saved)
    expect(asked).toEqual(['empty'])
  })

  test('may come late, and then the answer is a promise', async () => {
    const world = createPluginWorld()
    await world.add('empty', host => host.hook('restoreGame', async () => undefined))
    await world.add('full', host => host.hook('restoreGame', async () => saved))
    expect(await world.runner.restoreGame(7)).toBe(saved)
  })

  test.each([
    ['throws', () => raise(new Error('disk'))],
    ['rejects', () => Promise.reject(new Error('disk'))],
  ])('is looked for elsewhere when a provider %s', async (_, run) => {
    const world = createPluginWorld()
    await world.add('broken', host => host.hook('restoreGame', run))
    await world.add('full', host => host.hook('restoreGame', () => saved))
    expect(await world.runner.restoreGame(7)).toBe(saved)
    expect(world.counters.hookFailures).toBe(1)
  })

  test.each([
    ['null', () => null],
    ['a promise of null', async () => null],
  ])('is not what a provider calls %s', async (_, run) => {
    const world = createPluginWorld()
    await world.add('empty', host => host.hook('restoreGame', run as never))
    expect(await world.runner.restoreGame(7)).toBeUndefined()
  })

  test('of a provider that never answers is given up after a second', async () => {
    const world = createPluginWorld()
    await world.add('endless', host => host.hook('restoreGame', () => new Promise(() => {})))
    const found = world.runner.restoreGame(7)
    world.clock.advance(1000)
    expect(await found).toBeUndefined()
  })
})

test('a message that is under way ends on the chain it began on', async () => {
  const world = createPluginWorld()
  const asked: string[] = []
  const gate = Promise.withResolvers<void>()
  await world.addGuard('gate', () => gate.promise)
  await world.addGuard('leaving', () => void asked.push('leaving'))
  const verdict = world.ask()
  await world.addGuard('new', () => void asked.push('new'))
  gate.resolve()
  expect(await verdict).toBeNull()
  expect(asked).toEqual(['leaving'])
  await world.ask()
  expect(asked).toEqual(['leaving', 'leaving', 'new'])
})

test('hooks see the message as it came', async () => {
  const world = createPluginWorld()
  const seen: unknown[] = []
  await world.addGuard('curious', value => void seen.push(value))
  world.ask()
  expect(seen).toEqual([attempt])
})
