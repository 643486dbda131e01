/** Shells there is a script for. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

export type Shell = (typeof shells)[number];

/** What a shell is to run once, so that it asks `gen-stubs completion` what may follow; it completes paths itself. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# gen-stubs: add to ~/.bashrc: source <(gen-stubs completion bash)
_gen_stubs() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(gen-stubs completion -- "\${words[@]}" 2>/dev/null))
}
complete -o default -F _gen_stubs gen-stubs
`,
  zsh: `#compdef gen-stubs
# gen-stubs: add to ~/.zshrc, behind compinit: source <(gen-stubs completion zsh)
_gen_stubs() {
  local -a found
  found=("\${(@f)$(gen-stubs completion -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( \${#found[1]} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _gen_stubs gen-stubs
`,
  fish: `# gen-stubs: gen-stubs completion fish > ~/.config/fish/completions/gen-stubs.fish
function __gen_stubs
  set -l words (commandline -opc) (commandline -ct)
  gen-stubs completion -- $words[2..-1] 2>/dev/null
end
complete -c gen-stubs -a '(__gen_stubs)'
`,
  powershell: `# gen-stubs: add to $PROFILE: gen-stubs completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName gen-stubs -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '""' }
  gen-stubs completion -- @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};
