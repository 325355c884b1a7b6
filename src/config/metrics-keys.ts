import {integer} from './key.js'

/** What the metrics plugin is configured by. */
export const metrics = {
  intervalMs: integer({
    description: 'Rates and averages cover this much time, and so does each line of the log.',
    unit: 'ms',
    default: 5000,
    min: 1000,
    max: 60_000,
    liveness: 'restart',
  }),
  historyMs: integer({
    description: 'How far back the samples go, one for each second, that dashboards begin with.',
    unit: 'ms',
    default: 900_000,
    min: 1000,
    max: 3_600_000,
    liveness: 'restart',
  }),
  slowMs: integer({
    description: 'A message whose handling took this long gets into the slow log.',
    unit: 'ms',
    default: 10,
    min: 1,
    max: 60_000,
    liveness: 'live',
  }),
}
