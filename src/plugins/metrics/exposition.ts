import type {ExpositionFormat} from '../../contract/metrics.js'
import type {FamilySample, Labels, MetricFamily} from './metric-family.js'

/** What of OpenMetrics the older format has no word for. */
const OLDER_TYPES: Readonly<Record<string, string>> = {info: 'gauge'}

/** Writes families down; `labels` stand on every sample. */
export function writeExposition(
  families: readonly MetricFamily[],
  {labels, format}: {labels: Labels; format: ExpositionFormat},
): string {
  const text = families
    .filter(({samples}) => samples.length > 0)
    .map(family => writeFamily(family, labels, format))
    .join('')
  return format === 'openmetrics' ? `${text}# EOF\n` : text
}

function writeFamily(family: MetricFamily, labels: Labels, format: ExpositionFormat): string {
  const {name, type, samples} = family
  const isOpen = format === 'openmetrics'
  const titled = isOpen ? name : olderName(family)
  const unit = isOpen ? unitOf(family) : null
  return [
    `# HELP ${titled} ${escapeHelp(family.help, isOpen)}\n`,
    `# TYPE ${titled} ${isOpen ? type : (OLDER_TYPES[type] ?? type)}\n`,
    unit === null ? '' : `# UNIT ${titled} ${unit}\n`,
    ...samples.map(sample => writeSample(name, sample, labels)),
  ].join('')
}

/** In the older format a counter's name has the suffix of its sample. */
function olderName({name, type}: MetricFamily): string {
  if (type === 'counter') return `${name}_total`
  return type === 'info' ? `${name}_info` : name
}

function unitOf({name}: MetricFamily): string | null {
  return /_(seconds|bytes|ratio)$/.exec(name)?.[1] ?? null
}

function writeSample(name: string, {suffix, labels: own = {}, value}: FamilySample, labels: Labels): string {
  const pairs = Object.entries({...labels, ...own}).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${suffix ?? ''}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatValue(value)}\n`
}

function formatValue(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}

function escapeLabel(text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function escapeHelp(text: string, isOpen: boolean): string {
  const escaped = text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return isOpen ? escaped.replaceAll('"', '\\"') : escaped
}
