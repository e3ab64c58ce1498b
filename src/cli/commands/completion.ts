import { EXIT } from '../../entry/exit-codes.ts'
import { defineCommand } from '../command.ts'
import { completionScript, SHELLS } from '../completion/scripts.ts'

/** `oci-gateway completion` */
export const completion = defineCommand({
  positionals: [
    { name: 'SHELL', description: SHELLS.join(', '), isRequired: true, choices: SHELLS },
  ],
  options: {},
  examples: [
    { line: 'completion bash >> ~/.bashrc', does: 'complete commands, flags and models in bash' },
    { line: 'completion zsh > ~/.zfunc/_oci-gateway', does: 'the same in zsh' },
    { line: 'completion fish > ~/.config/fish/completions/oci-gateway.fish', does: 'in fish' },
    { line: 'completion powershell >> $PROFILE', does: 'in PowerShell' },
  ],
  run({ positionals: [name], host: { stdout } }) {
    const shell = SHELLS.find((known) => known === name)
    if (shell) stdout.write(completionScript(shell))
    return Promise.resolve(EXIT.success)
  },
})
