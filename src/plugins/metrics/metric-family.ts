/** One line of a family. */
export interface FamilySample {
  /** After the name of the family, as in `_bucket`; left out for the name itself. */
  readonly suffix?: '_total' | '_bucket' | '_sum' | '_count' | '_info'
  readonly labels?: Labels
  readonly value: number
}

export type Labels = Readonly<Record<string, string>>

/** A metric with all its values, in the terms of OpenMetrics: the name stands without the suffix of its samples. */
export interface MetricFamily {
  readonly name: string
  /** One sentence. */
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info'
  readonly samples: readonly FamilySample[]
}

export function gauge(name: string, help: string, value: number): MetricFamily {
  return {name, help, type: 'gauge', samples: [{value}]}
}

/** One value for each of a fixed set of labels. */
export function gaugeBy(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): MetricFamily {
  return {name, help, type: 'gauge', samples: labelled(label, values)}
}

export function counter(name: string, help: string, value: number): MetricFamily {
  return {name, help, type: 'counter', samples: [{suffix: '_total', value}]}
}

export function counterBy(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): MetricFamily {
  const samples = labelled(label, values).map(sample => ({...sample, suffix: '_total' as const}))
  return {name, help, type: 'counter', samples}
}

export function info(name: string, help: string, labels: Labels): MetricFamily {
  return {name, help, type: 'info', samples: [{suffix: '_info', labels, value: 1}]}
}

/** How often something happened and how long all of it took, by labels. */
export function summary(
  name: string,
  help: string,
  values: readonly {readonly labels?: Labels; readonly count: number; readonly sum: number}[],
): MetricFamily {
  const samples = values.flatMap(({labels = {}, count, sum}) => [
    {suffix: '_sum' as const, labels, value: sum},
    {suffix: '_count' as const, labels, value: count},
  ])
  return {name, help, type: 'summary', samples}
}

function labelled(label: string, values: Readonly<Record<string, number>>): FamilySample[] {
  return Object.entries(values).map(([name, value]) => ({labels: {[label]: name}, value}))
}
