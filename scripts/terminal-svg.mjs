// Turns a screen, as "tmux capture-pane -e -p" gives it, into a picture.
const CELL = {width: 8.4, height: 18, size: 14}
const MARGIN = 12
const GROUND = '#16181d'
const INK = '#d6d9de'
/** The 16 colours of terminals. */
const COLORS = [
  ...['#3b4048', '#e06c75', '#8ac379', '#e5c07b', '#61afef', '#c678dd', '#4fc1d0', '#d6d9de'],
  ...['#7d8590', '#ff8a93', '#a5e08f', '#f5d68f', '#82c4ff', '#d99af0', '#74dbe8', '#ffffff'],
]

/** `lines`: with escape sequences for colours; `columns`: how wide the screen was; `title`: for those who do not see it. */
export function terminalSvg(lines, columns, title) {
  const width = columns * CELL.width + 2 * MARGIN
  const height = lines.length * CELL.height + 2 * MARGIN
  const rows = readLines(lines).map(drawRow).join('')
  const font = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family='${font}' font-size="${CELL.size}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${GROUND}"/>
${rows}</svg>
`
}

/** Runs of cells that look alike, line by line. A style lasts beyond the end of its line. */
function readLines(lines) {
  let style = {}
  return lines.map(line => {
    const runs = readLine(line, style)
    style = runs.pop().style
    return runs
  })
}

/** The last run has no text and the style that goes on. */
function readLine(line, styleBefore) {
  const runs = []
  let style = styleBefore
  let column = 0
  line.split('\u001b[').forEach((part, index) => {
    const [, codes = '', text = ''] = index === 0 ? ['', '', part] : (/^([\d;]*)m(.*)$/s.exec(part) ?? [])
    if (index > 0) style = applyCodes(style, codes)
    if (text !== '') runs.push({text, style, column})
    column += Array.from(text).length
  })
  return [...runs, {text: '', style, column}]
}

function applyCodes(style, codes) {
  let next = {...style}
  const numbers = codes.split(';').map(Number)
  for (let index = 0; index < numbers.length; index += 1) {
    const code = numbers[index]
    if (code === 0) next = {}
    else if (code === 1) next.isBold = true
    else if (code === 7) next.isInverse = true
    else if (code === 22) next.isBold = false
    else if (code === 27) next.isInverse = false
    else if (code >= 30 && code <= 37) next.color = COLORS[code - 30]
    else if (code >= 90 && code <= 97) next.color = COLORS[code - 82]
    else if (code === 38 && numbers[index + 1] === 5) {
      next.color = COLORS[numbers[index + 2]] ?? INK
      index += 2
    } else if (code === 39) next.color = undefined
  }
  return next
}

function drawRow(runs, row) {
  const top = MARGIN + row * CELL.height
  return runs
    .map(({text, style, column}) => {
      const left = round(MARGIN + column * CELL.width)
      const width = round(Array.from(text).length * CELL.width)
      const color = style.color ?? INK
      const ground = style.isInverse
        ? `<rect x="${left}" y="${top}" width="${width}" height="${CELL.height}" fill="${color}"/>`
        : ''
      if (text.trim() === '') return ground === '' ? '' : `${ground}\n`
      const weight = style.isBold ? ' font-weight="bold"' : ''
      // The length keeps columns in place whatever font there is.
      const attributes = `x="${left}" y="${round(top + 14)}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"`
      return `${ground}<text ${attributes} fill="${style.isInverse ? GROUND : color}"${weight}>${escapeXml(text)}</text>\n`
    })
    .join('')
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value) {
  return Math.round(value * 10) / 10
}
