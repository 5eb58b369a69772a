import type { CompletedCommand, CompletedFlag } from './command-tree.ts'

/** A function a command, by zsh's own `_arguments` and `_describe`. */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  const byPath = new Map(tree.map((command) => [command.path.join(' '), command]))
  return `#compdef millrace
# zsh completion for millrace; made by: millrace completion zsh
${tree.map((command) => functionOf(command, byPath)).join('\n')}
if [[ \${funcstack[1]} == _millrace ]]; then _millrace "$@"; else compdef _millrace millrace; fi
`
}

function functionOf(command: CompletedCommand, byPath: ReadonlyMap<string, CompletedCommand>): string {
  const { path, commands, flags, arguments: words } = command
  const specs = flags.flatMap(flagSpecs)
  if (commands.length === 0) {
    const positions = words.map((value, index) => `'${index + 1}: :${action(value)}'`)
    return `${nameOf(path)}() {\n  _arguments -s ${[...specs, ...positions].join(' \\\n    ')}\n}`
  }
  const described = commands.map((name) => `'${name}:${byPath.get([...path, name].join(' '))?.summary ?? ''}'`)
  return `${nameOf(path)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command)
      local -a commands=(${described.join(' ')})
      _describe command commands ;;
    rest)
      case $line[1] in
${commands.map((name) => `        ${name}) ${nameOf([...path, name])} ;;`).join('\n')}
      esac ;;
  esac
}`
}

function flagSpecs({ long, short, summary, value }: CompletedFlag): string[] {
  const tail = `[${summary}]${value === 'none' ? '' : `: :${action(value)}`}`
  return [long, ...(short === undefined ? [] : [short])].map((name) => `'*${name}${tail}'`)
}

function action(value: 'file' | readonly string[]): string {
  return value === 'file' ? '_files' : value.length === 0 ? ' ' : `(${value.join(' ')})`
}

function nameOf(path: readonly string[]): string {
  return ['_millrace', ...path].join('_').replaceAll('-', '_')
}
