# Calls the completion function as bash does when a tab follows "$2", and prints the candidates.
# $1: the completions.
source "$1"
compopt() { :; } # It works only while a completion is under way.
registered=$(complete -p lexbot)
[[ $registered == *"-F _lexbot"* ]] || exit 1
read -ra COMP_WORDS <<<"$2"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_lexbot lexbot "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
