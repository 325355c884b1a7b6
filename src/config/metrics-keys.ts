import {integer, optionalEndpoint} from './key.js'

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
  prometheus: optionalEndpoint({
    description:
      'Loopback address and port where monitors read /metrics over HTTP. Left out: on the admin socket only.',
    liveness: 'restart',
  }),
  roomLabels: integer({
    description: 'So many of the busiest rooms go by their id in what monitors read. 0: none.',
    unit: 'rooms',
    default: 0,
    min: 0,
    max: 100,
    liveness: 'live',
  }),
}
