import {visibleJson, visibleText} from '../util/visible-text.js'

const RESET = '\u001b[39m'
const DIM = '\u001b[90m'
const LEVEL_COLORS: Readonly<Record<string, string>> = {
  debug: DIM,
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
}

/** Rewrites one JSON log line for people: `06:55:02.123Z WARN  message key=value`, a stack on lines of its own. */
export function readableLine(json: string, {hasColor}: {hasColor: boolean}): string {
  const {level, time, msg, ...fields} = JSON.parse(json) as Record<string, unknown>
  const paint = (text: string, color: string | undefined) => (hasColor && color ? `${color}${text}${RESET}` : text)
  const name = String(level)
  const head = [
    paint(String(time).slice(11), DIM),
    paint(name.toUpperCase().padEnd(5), LEVEL_COLORS[name]),
    visibleText(String(msg ?? '')),
  ]
  const stacks: string[] = []
  for (const [key, value] of Object.entries(fields)) {
    const {stack, message} = (value ?? {}) as {stack?: unknown; message?: unknown}
    if (typeof stack === 'string') stacks.push(stack)
    head.push(`${visibleText(key)}=${typeof stack === 'string' ? readableValue(message) : readableValue(value)}`)
  }
  const indented = stacks.flatMap(stack => stack.split('\n').map(line => `\n    ${visibleText(line.trim())}`))
  return `${head.join(' ')}${indented.join('')}\n`
}

/** Quoted where it could be taken for something else. */
function readableValue(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return visibleText(value)
  return visibleJson(JSON.stringify(value) ?? '')
}
