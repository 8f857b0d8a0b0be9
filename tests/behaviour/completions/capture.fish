# Prints the candidates that fish has when a tab follows $argv[2], without their descriptions.
# $argv[1]: the completions.
source $argv[1]
complete -C $argv[2] | string replace -r '\t.*' '' || true # It fails where there is nothing to replace.
