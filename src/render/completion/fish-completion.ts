import type {CompletionFlag, CompletionPlace} from './completion-model.js'

/** A script that tells fish what may come next. */
export function fishCompletion(places: readonly CompletionPlace[]): string {
  const names = places.map(({name}) => name).filter(name => name !== '')
  return `# Completions of gs for fish, written by "gs completion fish".
function __gs_place
    set -l names ${names.map(quoted).join(' ')}
    set -l place
    for word in (commandline -opc)[2..-1]
        contains -- "$place$word" $names; or break
        set place "$place$word "
    end
    string trim -- "$place"
end
function __gs_at
    test (__gs_place)"" = "$argv[1]"
end
complete -c gs -f
${places.flatMap(placeLines).join('\n')}
complete -c gsrv -w gs
`
}

function placeLines({name, words, flags}: CompletionPlace): string[] {
  const start = `complete -c gs -n ${quoted(`__gs_at ${quoted(name)}`)}`
  return [
    ...words.map(word => `${start} -a ${quoted(word.name)} -d ${quoted(word.summary)}`),
    ...flags.map(flag => `${start} ${flagOptions(flag)} -d ${quoted(flag.summary)}`),
  ]
}

function flagOptions({name, char, takes, values}: CompletionFlag): string {
  const names = `-l ${name}${char === undefined ? '' : ` -s ${char}`}`
  if (takes === 'nothing') return names
  if (takes === 'file') return `${names} -r -F`
  return `${names} -x${values.length === 0 ? '' : ` -a ${quoted(values.join(' '))}`}`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
