import { COMPLETE, FILE_MARK, NEXT_WORD } from './protocol.ts'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

/** The names of the executable. */
const NAMES = ['oci-gateway', 'oci-genai-gateway']

/**
 * The completion script of a shell. The scripts know no commands: they pass the words of the command
 * line to the program, which answers with candidates.
 */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return BASH
    case 'zsh':
      return ZSH
    case 'fish':
      return FISH
    case 'powershell':
      return POWERSHELL
  }
}

/**
 * Needs neither the package bash-completion nor more than bash 3.2, the version of macOS. Bash splits
 * words at "=", which must not reach the program.
 */
const BASH = `# bash completion of oci-gateway. In ~/.bashrc: eval "$(oci-gateway completion bash)"
_oci_gateway() {
  local words=() word value description last strip='' i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    last=$((\${#words[@]} - 1))
    if ((last >= 0)) && [[ $word == = || \${words[last]} == --*= ]]; then
      words[last]+=$word
    else
      words+=("$word")
    fi
  done
  last=$((\${#words[@]} - 1))
  if [[ \${words[last]} == --*=* ]]; then strip=\${words[last]%%=*}=; fi
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    if [[ $value == ${FILE_MARK} ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done \\
        < <(compgen -f -- "\${words[last]#"$strip"}")
      return
    fi
    COMPREPLY+=("\${value#"$strip"}")
  done < <("$1" ${COMPLETE} -- "\${words[@]}" 2>/dev/null)
}
complete -F _oci_gateway ${NAMES.join(' ')}
`

const ZSH = `#compdef ${NAMES.join(' ')}
# zsh completion of oci-gateway. In ~/.zshrc, after compinit: eval "$(oci-gateway completion zsh)"
_oci_gateway() {
  local -a candidates
  local line prefix=''
  [[ $words[CURRENT] == --*=* ]] && prefix=\${words[CURRENT]%%=*}=
  for line in "\${(@f)$("\${words[1]}" ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == ${FILE_MARK} ]]; then
      [[ -n $prefix ]] && compset -P '*='
      _files
      return
    fi
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe -V 'oci-gateway' candidates
}
if [[ $funcstack[1] == _oci_gateway ]]; then
  _oci_gateway "$@"
else
  compdef _oci_gateway ${NAMES.join(' ')}
fi
`

const FISH = `# fish completion of oci-gateway.
# In ~/.config/fish/config.fish: oci-gateway completion fish | source
function __oci_gateway_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] ${COMPLETE} -- $words[2..-1] "$current" 2>/dev/null)
    if contains -- ${FILE_MARK} $lines
        complete -C "'' "(string replace -r -- '^--[^=]+=' '' "$current")
    else
        printf '%s\\n' $lines
    end
end
${NAMES.map((name) => `complete -c ${name} -f -a '(__oci_gateway_complete)'`).join('\n')}
`

/** Older versions of PowerShell drop empty arguments. Without results it completes files itself. */
const POWERSHELL = `# PowerShell completion of oci-gateway.
# In $PROFILE: oci-gateway completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${
  NAMES.map((name) => `'${name}'`).join(', ')
} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    $program = $elements[0]
    $words = @($elements | Select-Object -Skip 1)
    $mode = @(if ($wordToComplete -eq '') { '${NEXT_WORD}' })
    & $program ${COMPLETE} @mode '--' @words 2>$null | ForEach-Object {
        if ($_ -eq '${FILE_MARK}') { return }
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new(
            $value, $value, 'ParameterValue', $description)
    }
}
`
