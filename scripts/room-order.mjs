// The long form of test/integration/room-order.ts. Without flags: 200 seeds for each variant, 8 clients, 2000 operations
// each, on as many threads as there are cores.
//   npm run test:order -- --variant mixed.tick0.late --seed 17     one seed again
//   npm run test:order -- --seeds 5 --operations 400               a shorter run
import {availableParallelism} from 'node:os'
import process from 'node:process'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads'
import {bundleEngine} from './bundle-engine.mjs'

if (isMainThread) await runAll()
else await runJobs(workerData)

async function runAll() {
  const {values} = parseArgs({
    options: {
      variant: {type: 'string'},
      seed: {type: 'string'},
      seeds: {type: 'string', default: '200'},
      clients: {type: 'string', default: '8'},
      operations: {type: 'string', default: '2000'},
      threads: {type: 'string', default: String(availableParallelism())},
    },
  })
  const engine = await bundleEngine('test/integration/room-order.ts')
  const {ORDER_VARIANTS} = await import(engine)
  const variants = ORDER_VARIANTS.filter(({name}) => values.variant === undefined || name === values.variant)
  if (variants.length === 0) {
    console.error(`no variant ${values.variant}; there are ${ORDER_VARIANTS.map(({name}) => name).join(', ')}`)
    process.exitCode = 2
    return
  }
  const seeds =
    values.seed === undefined
      ? Array.from({length: Number(values.seeds)}, (_, index) => index + 1)
      : [Number(values.seed)]
  const shape = {clients: Number(values.clients), operations: Number(values.operations)}
  const jobs = seeds.flatMap(seed => variants.map(variant => ({variant, seed, ...shape})))
  const totals = new Map(variants.map(({name}) => [name, {seeds: 0, ms: 0}]))
  const startedAt = performance.now()

  const work = {engine, jobs, totals, count: jobs.length, done: 0, isClean: true}
  await Promise.all(Array.from({length: Number(values.threads)}, () => serve(work)))
  printTotals(totals, performance.now() - startedAt)
  if (!work.isClean) process.exitCode = 1
}

/** Hands jobs to one thread until none is left or one has failed, there or elsewhere. */
function serve(work) {
  const {engine, jobs, totals} = work
  const {promise, resolve, reject} = Promise.withResolvers()
  const worker = new Worker(fileURLToPath(import.meta.url), {workerData: {engine}})
  worker.on('error', reject)
  worker.on('exit', resolve)
  worker.on('message', answer => {
    if (answer.error !== undefined) {
      work.isClean = false
      const {variant, seed, clients, operations} = answer.job
      const shape = `--clients ${clients} --operations ${operations}`
      console.error(`FAILED: ${answer.error}`)
      console.error(`again: npm run test:order -- --variant ${variant.name} --seed ${seed} ${shape}`)
    } else if (answer.report !== undefined) {
      const total = totals.get(answer.job.variant.name)
      total.seeds += 1
      total.ms += answer.ms
      for (const [key, value] of Object.entries(answer.report)) total[key] = (total[key] ?? 0) + value
      work.done += 1
      if (work.done % Math.ceil(work.count / 10) === 0) console.error(`${work.done} of ${work.count}`)
    }
    worker.postMessage(work.isClean ? jobs.shift() : undefined)
  })
  return promise
}

/** Two at a time: one that waits for a tick leaves the core to the other. */
async function runJobs({engine}) {
  const {checkRoomOrder} = await import(engine)
  const waiting = []
  let idle = 0
  parentPort.on('message', job => {
    waiting.shift()?.(job)
    if (job === undefined && ++idle === 2) parentPort.close()
  })
  const run = async () => {
    for (let answer = {}; ; ) {
      const job = await new Promise(resolve => {
        waiting.push(resolve)
        parentPort.postMessage(answer)
      })
      if (job === undefined) return
      const startedAt = performance.now()
      try {
        answer = {job, report: await checkRoomOrder(job), ms: performance.now() - startedAt}
      } catch (error) {
        answer = {job, error: error.name === 'OrderViolation' ? error.message : error.stack}
      }
    }
  }
  await Promise.all([run(), run()])
}

function printTotals(totals, ms) {
  const sum = {}
  for (const [name, total] of totals) {
    console.log(name, JSON.stringify({...total, ms: Math.round(total.ms)}))
    for (const [key, value] of Object.entries(total)) sum[key] = (sum[key] ?? 0) + value
  }
  console.log(`all ${JSON.stringify({...sum, ms: Math.round(sum.ms)})} in ${(ms / 1000).toFixed(1)} s`)
}
