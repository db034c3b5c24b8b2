/**
 * What shells source to complete a program: each script asks its command `__complete`, which knows the commands, and
 * leaves files to its shell. What has been typed is passed on as arguments and never evaluated.
 */
import type { Shell } from './completion-commands.js';

/** What a script is for. */
export interface Completed {
  /** The command's name: letters and hyphens. */
  readonly program: string;
  /** Of the files that it is about, without dots. */
  readonly extensions: readonly string[];
}

/** The name of a function: not all shells take hyphens. */
const functionOf = ({ program }: Completed): string => `_${program.replaceAll('-', '_')}`;

/** A pattern of bash for files with an extension, whose letters are of either case. */
function anyCase(extension: string): string {
  return `*.${extension.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)}`;
}

/** Without compopt (bash 3) files are completed wherever there is no candidate. */
const bash = (
  completed: Completed,
): string => `# bash completion for ${completed.program}: source <(${completed.program} completion bash)
${functionOf(completed)}() {
  local current='' line value kind=none
  local words=() candidates=()
  local i word
  # bash parts words at = and :, which belong to them.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [=:]* || ( $current == *[=:] && -n $word ) ]]; then
      current+=$word
    else
      ((i > 1)) && words+=("$current")
      current=$word
    fi
  done
  while IFS= read -r line; do
    case $line in
      :*) kind=\${line#:} ;;
      *) candidates+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(command ${completed.program} __complete "--current=$current" -- "\${words[@]}" 2>/dev/null)
  # What bash takes for the word ends at the last = or :.
  local before=''
  if [[ $COMP_WORDBREAKS == *=* && $current == -*=* ]]; then before=\${current%%=*}=; fi
  current=\${current#"$before"}
  COMPREPLY=()
  for value in "\${candidates[@]}"; do COMPREPLY+=("\${value#"$before"}"); done
  case $kind in
    own | files) compopt -o default -o filenames 2>/dev/null ;;
    folders) compopt +o default -o dirnames 2>/dev/null ;;
    *) compopt +o default 2>/dev/null ;;
  esac
  if [[ $kind == own ]]; then
    # Where nothing is found, all files are offered.
    while IFS= read -r line; do
      case $line in
        ${completed.extensions.map(anyCase).join(' | ')}) COMPREPLY+=("$line") ;;
        *) [[ -d $line ]] && COMPREPLY+=("$line") ;;
      esac
    done < <(compgen -f -- "$current")
  fi
  return 0
}
complete -o default -F ${functionOf(completed)} ${completed.program}
`;

const zsh = ({ program, extensions }: Completed): string => `#compdef ${program}
# zsh completion for ${program}: source <(${program} completion zsh), after compinit
_${program}() {
  local current="\${(Q)PREFIX}" kind=none line value description
  local -a before described
  before=("\${(@Q)words[2,CURRENT-1]}")
  (( CURRENT > 2 )) || before=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      kind=\${line#:}
    else
      value=\${line%%$'\\t'*}
      description=\${line#*$'\\t'}
      described+=("\${value//:/\\\\:}\${description:+:$description}")
    fi
  done < <(command ${program} __complete "--current=$current" -- "\${before[@]}" 2>/dev/null)
  (( \${#described} )) && _describe -t values '${program}' described
  [[ $kind != none && $PREFIX == --*=* ]] && compset -P '--[^=]##='
  case $kind in
    own) _files -g '*.(#i)(${extensions.join('|')})(-.)' ;;
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ \${funcstack[1]} == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;

const fish = (
  completed: Completed,
): string => `# fish completion for ${completed.program}: ${completed.program} completion fish > ~/.config/fish/completions/${completed.program}.fish
function _${functionOf(completed)}_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines (command ${completed.program} __complete "--current=$current" -- $words 2>/dev/null)
    set -q lines[1]; or return
    test (count $lines) -gt 1; and printf '%s\\n' $lines[1..-2]
    set -l kind (string sub -s 2 -- $lines[-1])
    test "$kind" = none; and return
    set -l before (string match -r -- '^--[^=]+=' "$current")
    set -l path (string replace -r -- '^--[^=]+=' '' "$current")
    set -l found (__fish_complete_path "$path")
    switch $kind
        case folders
            set found (string match -r -- '.*/(?:\\t.*)?$' $found)
        case own
            # Where nothing is found, all files are offered.
            set -l named (string match -ri -- '^[^\\t]*(?:/|\\.(?:${completed.extensions.join('|')}))(?:\\t.*)?$' $found)
            set -q named[1]; and set found $named
    end
    set -q found[1]; and printf "$before%s\\n" $found
end
complete -c ${completed.program} -f -a '(_${functionOf(completed)}_complete)'
`;

/**
 * Windows PowerShell passes no empty arguments on, so none is needed; to scripts it passes no `--`, so the program is not
 * npm's script. Without candidates it completes files itself.
 */
const powershell = ({
  program,
}: Completed): string => `# PowerShell completion for ${program}: ${program} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${program} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $current = [string]$wordToComplete
    $words = @()
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        # What the cursor is in or behind is not before the word.
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $isText = $element -is [System.Management.Automation.Language.StringConstantExpressionAst]
        $words += if ($isText) { $element.Value } else { $element.Extent.Text }
    }
    $program = Get-Command -Name ${program} -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $program) { return }
    $lines = @(& $program __complete "--current=$current" -- @words 2>$null)
    foreach ($line in $lines) {
        if ($line.StartsWith(':')) { break }
        $value, $description = $line -split "\`t", 2
        if (-not $description) { $description = $value }
        New-Object -TypeName System.Management.Automation.CompletionResult -ArgumentList $value, $value, 'ParameterValue', $description
    }
}
`;

/** The script of a shell. */
export function completionScript(shell: Shell, completed: Completed): string {
  return { bash, zsh, fish, powershell }[shell](completed);
}
