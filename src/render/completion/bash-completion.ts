import type {CompletionPlace} from './completion-model.js'
import {alternatives, quoted} from './shell-quoting.js'

/** A script that tells bash, from version 4.4 on, what may come next. */
export function bashCompletion(places: readonly CompletionPlace[]): string {
  return `# Completions of gs for bash, written by "gs completion bash".
_gs() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} place= word words= flags=
  # bash takes the "=" of --sort=users for a word.
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${place:+$place }$word" in
      ${alternatives(places.map(({name}) => name).filter(name => name !== ''))}) place="\${place:+$place }$word" ;;
      *) break ;;
    esac
  done
  case "$place $prev" in
${places.flatMap(valueLines).join('\n')}
  esac
  case "$place" in
${places.map(placeLine).join('\n')}
  esac
  [[ $cur == -* ]] && words=$flags
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _gs gs gsrv
`
}

function valueLines({name, flags}: CompletionPlace): string[] {
  return flags.flatMap(({name: flag, char, takes, values}) => {
    if (takes === 'nothing') return []
    const pattern = alternatives(
      [`--${flag}`, ...(char === undefined ? [] : [`-${char}`])].map(word => `${name} ${word}`),
    )
    const action =
      takes === 'file'
        ? 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return'
        : `mapfile -t COMPREPLY < <(compgen -W ${quoted(values.join(' '))} -- "$cur"); return`
    return [`    ${pattern}) ${action} ;;`]
  })
}

function placeLine({name, words, flags}: CompletionPlace): string {
  const flagWords = flags.map(flag => `--${flag.name}`).join(' ')
  return `    ${quoted(name)}) words=${quoted(words.map(word => word.name).join(' '))} flags=${quoted(flagWords)} ;;`
}
