/**
 * What shells source to complete `vhdx`: each script asks `vhdx __complete`, which knows the commands, and leaves files
 * to its shell. What has been typed is passed on as arguments and never evaluated.
 */
import { type Harmless, shown } from '../harmless.js';

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** Without compopt (bash 3) files are completed wherever there is no candidate. */
const BASH = shown`# bash completion for vhdx: source <(vhdx completion bash)
_vhdx() {
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
  done < <(command vhdx __complete "--current=$current" -- "\${words[@]}" 2>/dev/null)
  # What bash takes for the word ends at the last = or :.
  local before=''
  if [[ $COMP_WORDBREAKS == *=* && $current == -*=* ]]; then before=\${current%%=*}=; fi
  current=\${current#"$before"}
  COMPREPLY=()
  for value in "\${candidates[@]}"; do COMPREPLY+=("\${value#"$before"}"); done
  case $kind in
    images | files) compopt -o default -o filenames 2>/dev/null ;;
    folders) compopt +o default -o dirnames 2>/dev/null ;;
    *) compopt +o default 2>/dev/null ;;
  esac
  if [[ $kind == images ]]; then
    # Where nothing is found, all files are offered.
    while IFS= read -r line; do
      case $line in
        *.[Vv][Hh][Dd][Xx] | *.[Aa][Vv][Hh][Dd][Xx] | *.[Vv][Hh][Dd][Pp][Mm][Ee][Mm]) COMPREPLY+=("$line") ;;
        *) [[ -d $line ]] && COMPREPLY+=("$line") ;;
      esac
    done < <(compgen -f -- "$current")
  fi
  return 0
}
complete -o default -F _vhdx vhdx
`;

const ZSH = shown`#compdef vhdx
# zsh completion for vhdx: source <(vhdx completion zsh), after compinit
_vhdx() {
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
  done < <(command vhdx __complete "--current=$current" -- "\${before[@]}" 2>/dev/null)
  (( \${#described} )) && _describe -t values 'vhdx' described
  [[ $kind != none && $PREFIX == --*=* ]] && compset -P '--[^=]##='
  case $kind in
    images) _files -g '*.(#i)(vhdx|avhdx|vhdpmem)(-.)' ;;
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ \${funcstack[1]} == _vhdx ]]; then
  _vhdx "$@"
else
  compdef _vhdx vhdx
fi
`;

const FISH = shown`# fish completion for vhdx: vhdx completion fish > ~/.config/fish/completions/vhdx.fish
function __vhdx_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines (command vhdx __complete "--current=$current" -- $words 2>/dev/null)
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
        case images
            # Where nothing is found, all files are offered.
            set -l named (string match -ri -- '^[^\\t]*(?:/|\\.a?vhdx|\\.vhdpmem)(?:\\t.*)?$' $found)
            set -q named[1]; and set found $named
    end
    set -q found[1]; and printf "$before%s\\n" $found
end
complete -c vhdx -f -a '(__vhdx_complete)'
`;

/**
 * Windows PowerShell passes no empty arguments on, so none is needed; to scripts it passes no `--`, so the program is not
 * npm's script. Without candidates it completes files itself.
 */
const POWERSHELL = shown`# PowerShell completion for vhdx: vhdx completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName vhdx -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $current = [string]$wordToComplete
    $words = @()
    foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
        # What the cursor is in or behind is not before the word.
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $isText = $element -is [System.Management.Automation.Language.StringConstantExpressionAst]
        $words += if ($isText) { $element.Value } else { $element.Extent.Text }
    }
    $program = Get-Command -Name vhdx -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
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

export const SCRIPTS: Readonly<Record<Shell, Harmless>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };
