import type {CompletionPlace, CompletionWord} from './completion-model.js'
import {alternatives, quoted} from './shell-quoting.js'

/** A script that tells zsh what may come next: in a folder of \`fpath\` as \`_gs\`, or sourced after \`compinit\`. */
export function zshCompletion(places: readonly CompletionPlace[]): string {
  return `#compdef gs gsrv
# Completions of gs for zsh, written by "gs completion zsh".
_gs() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} place= word
  local -a found flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${place:+$place }$word" in
      (${alternatives(places.map(({name}) => name).filter(name => name !== ''))}) place="\${place:+$place }$word" ;;
      (*) break ;;
    esac
  done
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P '*='
  fi
  case "$place $prev" in
${places.flatMap(valueLines).join('\n')}
  esac
  case "$place" in
${places.map(placeLines).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    _describe flag flags
  else
    _describe command found
  fi
}
if [[ \${funcstack[1]} == _gs ]]; then
  _gs "$@"
else
  compdef _gs gs gsrv
fi
`
}

function valueLines({name, flags}: CompletionPlace): string[] {
  return flags.flatMap(({name: flag, char, takes, values}) => {
    if (takes === 'nothing') return []
    const pattern = alternatives(
      [`--${flag}`, ...(char === undefined ? [] : [`-${char}`])].map(word => `${name} ${word}`),
    )
    const action =
      takes === 'file' ? '_files' : values.length === 0 ? ':' : `compadd -- ${values.map(quoted).join(' ')}`
    return [`    (${pattern}) ${action}; return ;;`]
  })
}

function placeLines({name, words, flags}: CompletionPlace): string {
  const flagWords = flags.map(flag => ({...flag, name: `--${flag.name}`}))
  return `    (${quoted(name)})
      found=(${words.map(described).join(' ')})
      flags=(${flagWords.map(described).join(' ')}) ;;`
}

function described({name, summary}: CompletionWord): string {
  return quoted(`${name}:${summary}`)
}
