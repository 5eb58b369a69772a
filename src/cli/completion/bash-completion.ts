import type { CompletedCommand } from './command-tree.ts'

/** A function that finds the command among the words so far, then offers what can follow it. */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  return `# bash completion for millrace; made by: millrace completion bash
_millrace() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command='' position=0 word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "$command $word" in
${tree
  .filter(({ path }) => path.length > 0)
  .map(
    ({ path }) =>
      `      ${quoted(`${path.slice(0, -1).join(' ')} ${path.at(-1)}`)}) command=${quoted(path.join(' '))}; position=0 ;;`
  )
  .join('\n')}
      *\\ -*) ;;
      *) position=$((position + 1)) ;;
    esac
  done
  case "$command $previous" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${tree.map(commandCase).join('\n')}
  esac
}
complete -F _millrace millrace
`
}

function valueCases({ path, flags }: CompletedCommand): string[] {
  return flags
    .filter(({ value }) => value !== 'none')
    .map(({ long, short, value }) => {
      const names = [long, ...(short === undefined ? [] : [short])].map((name) => quoted(`${path.join(' ')} ${name}`))
      return `    ${names.join('|')}) ${offer(value === 'none' ? [] : value)}; return ;;`
    })
}

function commandCase({ path, commands, flags, arguments: words }: CompletedCommand): string {
  const names = flags.map(({ long }) => long).join(' ')
  const positions = words.map((value, index) => `        ${index}) ${offer(value)} ;;`)
  const rest =
    commands.length > 0
      ? offer(commands)
      : positions.length === 0
        ? ':'
        : `case $position in\n${positions.join('\n')}\n      esac`
  return `    ${quoted(path.join(' '))})
      if [[ $current == -* ]]; then ${offer(names.split(' '))}; return; fi
      ${rest} ;;`
}

function offer(value: 'file' | readonly string[]): string {
  if (value === 'file') return 'COMPREPLY=($(compgen -f -- "$current"))'
  return value.length === 0 ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W ${quoted(value.join(' '))} -- "$current"))`
}

function quoted(text: string): string {
  return `'${text}'`
}
