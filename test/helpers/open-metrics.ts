/** A family as a monitor understands it. */
export interface ReadFamily {
  readonly type: string
  readonly help: string
  readonly unit: string | undefined
  readonly samples: readonly ReadSample[]
}

export interface ReadSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Suffixes that samples of a type have, by OpenMetrics 1.0. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
}

const METRIC_NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?|[+-]?Inf|NaN'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const METADATA = new RegExp(`^# (HELP|TYPE|UNIT) (${METRIC_NAME}) (.*)$`)
const SAMPLE = new RegExp(`^(${METRIC_NAME})(?:\\{((?:${LABEL}(?:,${LABEL})*)?)\\})? (${NUMBER})$`)

/**
 * Reads OpenMetrics text (without timestamps and exemplars, which are never written here) by its grammar, and throws at
 * whatever is against it: order, names, types, units, labels that occur twice, buckets that do not add up.
 */
export function readOpenMetrics(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const lines = text.slice(0, -1).split('\n')
  if (lines.pop() !== '# EOF') throw new Error('the text does not end with # EOF')
  const families = new Map<string, {type: string; help: string; unit: string | undefined; samples: ReadSample[]}>()
  let current = ''
  for (const line of lines) {
    const [, word, name = '', rest = ''] = METADATA.exec(line) ?? []
    if (word !== undefined) {
      if (name !== current && families.has(name)) throw new Error(`${name} is in two places`)
      current = name
      const family = families.get(name) ?? {type: 'unknown', help: '', unit: undefined, samples: []}
      if (family.samples.length > 0) throw new Error(`metadata behind samples: ${line}`)
      if (word === 'HELP') family.help = rest
      if (word === 'TYPE') family.type = rest
      if (word === 'UNIT') family.unit = rest
      families.set(name, family)
      continue
    }
    const family = families.get(current)
    const sample = readSample(line)
    const suffixes = SUFFIXES[family?.type ?? '']
    if (family === undefined || suffixes === undefined) throw new Error(`no type before: ${line}`)
    if (!suffixes.some(suffix => sample.name === current + suffix)) throw new Error(`not of ${current}: ${line}`)
    family.samples.push(sample)
  }
  for (const [name, family] of families) checkFamily(name, family)
  return families
}

function readSample(line: string): ReadSample {
  const [, name, labelText = '', value] = SAMPLE.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, label = '', text = ''] of labelText.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) throw new Error(`a label twice: ${line}`)
    labels[label] = text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
  }
  return {name, labels, value: Number(value.replace('Inf', 'Infinity'))}
}

function checkFamily(name: string, {type, unit, samples}: ReadFamily): void {
  if (unit !== undefined && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end in its unit ${unit}`)
  if (['_total', '_bucket', '_count', '_sum', '_info'].some(suffix => name.endsWith(suffix))) {
    throw new Error(`${name} ends like a sample`)
  }
  const keys = samples.map(({name: sampleName, labels}) => sampleName + JSON.stringify(Object.entries(labels).sort()))
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a sample twice`)
  if (type !== 'gauge' && samples.some(({value}) => !(value >= 0))) throw new Error(`${name} must not be below 0`)
  if (type === 'histogram') checkBuckets(name, samples)
}

function checkBuckets(name: string, samples: readonly ReadSample[]): void {
  const groups = Map.groupBy(samples, ({labels: {le: _, ...labels}}) => JSON.stringify(labels))
  for (const group of groups.values()) {
    const buckets = group.filter(sample => sample.name === `${name}_bucket`)
    const bounds = buckets.map(({labels}) => Number(labels.le?.replace('Inf', 'Infinity')))
    const isOrdered = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] as number))
    const isCumulative = buckets.every(
      ({value}, index) => index === 0 || value >= (buckets[index - 1]?.value as number),
    )
    const count = group.find(sample => sample.name === `${name}_count`)?.value
    if (!isOrdered || !isCumulative || bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`buckets of ${name}`)
    if (buckets.at(-1)?.value !== count) throw new Error(`${name} counts ${count}, its buckets differ`)
  }
}
