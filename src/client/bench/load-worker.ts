import {parentPort, workerData} from 'node:worker_threads'
import {LoadGenerator} from './load-generator.js'
import {clientsOf, type LoadPlan} from './load-plan.js'
import {LiveCounts, type LoadOrder, type LoadReport} from './load-tally.js'

/** What the thread is started with. */
export interface LoadWorkerData {
  readonly plan: LoadPlan
  /** Which of the plan's threads this is, from 0. */
  readonly worker: number
  readonly counts: SharedArrayBuffer
  readonly tokens: readonly string[] | undefined
}

/** The program of a thread that makes load: it does what `LoadCrew` tells it. */
const {plan, worker, counts, tokens} = workerData as LoadWorkerData
const report = (message: LoadReport) => parentPort?.postMessage(message)
const generator = new LoadGenerator(
  {plan, clients: clientsOf(plan, worker), tokens, counts: new LiveCounts(counts)},
  {
    joined: () => report({kind: 'joined'}),
    failed: ({code, message, hint}) => report({kind: 'failed', code, message, hint}),
    deserted: () => report({kind: 'deserted'}),
  },
)
parentPort?.on('message', (order: LoadOrder) => {
  if (order !== 'finish') {
    generator[order]()
    return
  }
  report({kind: 'finished', tally: generator.finish()})
  parentPort?.close()
})
generator.join()
