import { Argument, type Command } from 'commander';
import { complete } from '../completion.js';
import type { CommandModule } from '../program.js';
import { print } from '../terminal.js';

const BASH = `# sombrero completion bash
_sombrero() {
  local line=\${COMP_LINE:0:COMP_POINT} IFS=$' \\t\\n' last
  local -a words
  # Not COMP_WORDS: bash cuts URLs at their colons.
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=\${words[-1]}
  local -a found
  mapfile -t found < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  local word
  for word in "\${found[@]}"; do
    case $word in
      :files) COMPREPLY+=($(compgen -f -- "$last")); compopt -o filenames ;;
      :open) compopt -o nospace ;;
      *) COMPREPLY+=("$word") ;;
    esac
  done
  # What stands before the last colon is there already.
  if [[ $last == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local colon=\${last%"\${last##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$colon"}")
  fi
}
complete -F _sombrero sombrero
`;

const ZSH = `#compdef sombrero
# sombrero completion zsh
_sombrero() {
  local -a found plain
  found=("\${(@f)$(\${words[1]} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local word open=0 files=0
  for word in $found; do
    case $word in
      :files) files=1 ;;
      :open) open=1 ;;
      ?*) plain+=("$word") ;;
    esac
  done
  (( files )) && _files
  if (( $#plain )); then
    if (( open )); then compadd -S '' -- $plain; else compadd -- $plain; fi
  fi
}
compdef _sombrero sombrero
`;

const FISH = `# sombrero completion fish
function __sombrero_complete
  set -l words (commandline -opc) (commandline -ct)
  for word in ($words[1] __complete $words[2..-1] 2>/dev/null)
    switch $word
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':open'
      case '*'
        echo $word
    end
  end
end
complete -c sombrero -f -a '(__sombrero_complete)'
`;

const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

const EXAMPLES = `
Examples:
  $ source <(sombrero completion bash)                     for this shell; in ~/.bashrc for all
  $ sombrero completion zsh > ~/.zfunc/_sombrero           a directory of $fpath
  $ sombrero completion fish > ~/.config/fish/completions/sombrero.fish

Paths on a server are completed too if the password comes from SOMBRERO_PASSWORD or --credentials FILE.`;

export const completion: CommandModule = {
  build: (command) =>
    command
      .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
      .addHelpText('after', EXAMPLES)
      .action((shell: string) => print(SCRIPTS[shell] ?? '')),
};

/** Called by the scripts: prints the candidates for the last word. */
export const completer: CommandModule = {
  build: (command) =>
    command
      .argument('[words...]')
      .allowUnknownOption()
      .helpOption(false)
      .passThroughOptions()
      .action(async (words: string[]) => {
        const { words: found, files, open } = await complete(command.parent as Command, words);
        await print(
          [...found, ...(files ? [':files'] : []), ...(open ? [':open'] : [])].map((word) => `${word}\n`).join(''),
        );
      }),
};
